// Requests to the server this page came from, and to no other.

import { decode } from "./codepoints.js";

/** What the server refused, or that it could not be reached: `status` 0. `say` is fit to be shown. */
export class ApiError extends Error {
  constructor(status, body) {
    super(body?.say ?? (status ? `the server answered ${status}` : "the server cannot be reached"));
    this.status = status;
    this.code = body?.error ?? null;
    this.body = body ?? {};
  }

  /** Whether the same request may succeed later, untouched. */
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  get signedOut() {
    return this.status === 401;
  }
}

const PATIENCE = 20_000; // milliseconds after which a request counts as lost; its `request` id makes a second one harmless

async function call(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-cache", credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE), ...options });
  } catch {
    throw new ApiError(0);
  }
  if (answer.ok) return answer;
  throw new ApiError(answer.status, await answer.json().catch(() => null));
}

const query = (parameters) => {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return given.length ? `?${new URLSearchParams(given)}` : "";
};

async function json(answer) {
  try {
    return await answer.json();
  } catch {
    throw new ApiError(0); // cut short on the way
  }
}

export const get = async (path, parameters = {}) => json(await call(path + query(parameters)));

export const getText = async (path) => {
  const answer = await call(path);
  try {
    return decode(await answer.arrayBuffer());
  } catch {
    throw new ApiError(0);
  }
};

export const post = async (path, body, options = {}) =>
  json(
    await call(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      ...options,
    }),
  );

export const signOut = () => call("/api/session", { method: "DELETE" });

export const documentPath = (id, rest = "") => `/api/documents/${encodeURIComponent(id)}${rest}`;
