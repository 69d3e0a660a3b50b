"""The words of quantities: numbers, currencies, and the nouns whose count the annotation guide marks.

The nouns are common English ones for people, casualties, arms and attacks; names of peoples are known by their
ending (`Americans`, `Iraqis`), with a list for the rest. No name of any report stands here.
"""

from __future__ import annotations

import re

_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
NUMBERS = {word: number for number, word in enumerate(f"{_ONES} eighteen nineteen".split(), 1)}
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBERS |= {word: 10 * tens for tens, word in enumerate(_TENS.split(), 2)}
NUMBERS |= {"a": 1, "an": 1, "zero": 0}

SCALES = {"dozen": 12, "score": 20, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
SCALES |= {"trillion": 10**12, "k": 1000, "m": 10**6, "mn": 10**6, "bn": 10**9}

# `hundreds` is at least two of them; half of it is the unit that `tens of thousands` multiplies
PLURAL_AMOUNTS = {"tens": 20, "dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2000}
PLURAL_AMOUNTS |= {"millions": 2 * 10**6, "billions": 2 * 10**9}

# sign or code before the figures -> ISO 4217
SIGNS = {"codes": "USD EUR GBP CHF XOF XAF NGN", "$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
SIGNS |= {"A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD"}

# words after the figures -> ISO 4217, or the words themselves where several states share them
_SHARED = "francs rupees dinars dirhams rials riyals rubles roubles lira liras naira shillings pesos yen yuan afghanis"
CURRENCIES = {noun: noun for noun in f"{_SHARED} birr kwacha pounds crowns kronor ringgit baht".split()}
CURRENCIES |= {"dollars": "USD", "us dollars": "USD", "american dollars": "USD", "euros": "EUR", "euro": "EUR"}
CURRENCIES |= {"usd": "USD", "eur": "EUR", "gbp": "GBP", "british pounds": "GBP", "cfa francs": "CFA francs"}
CURRENCIES |= {"canadian dollars": "CAD", "australian dollars": "AUD", "swiss francs": "CHF"}

_PEOPLE = """
    activist adherent administrator adult adviser advisor agent airman ambassador assailant assassin
    attacker attendee baby bandit beneficiary bishop bodyguard bomber boy builder bystander cadet cadre captain captive
    captor chief child citizen civilian clansman cleric clerk collaborator colonel combatant commander
    commando conscript constable consultant contractor convict cook criminal customer cyclist defector defendant
    defender delegate demonstrator deputy deserter detainee diplomat director dissident doctor driver elder employee
    engineer escapee evacuee executive exile expatriate expert extremist farmer father fighter firefighter fisherman
    follower foreigner fugitive gangster general girl governor graduate guard guerrilla guerilla guest gunman
    herder herdsman hijacker hostage hunter imam immigrant individual infant inhabitant inmate inspector instructor
    insurgent interpreter investigator islamist jailer jihadist jihadi journalist judge juror kidnapper laborer
    labourer lawmaker lawyer leader lieutenant local loyalist man manager marine marksman martyr mayor medic member
    mercenary merchant migrant militant militiaman miner minister minor missionary monk mother mourner negotiator
    nomad nun nurse observer occupant officer official operative operator pacifist paramilitary parent
    paratrooper parliamentarian participant partisan passenger passer-by pastor pastoralist patient peacekeeper peasant
    pedestrian person pilgrim pilot pirate policeman policewoman politician preacher priest prisoner
    professional professor prosecutor protester protestor pupil ranger rebel recruit refugee reporter
    representative rescuer resident returnee rioter sailor scholar schoolboy schoolchild schoolgirl scientist secessionist
    separatist sergeant serviceman settler shepherd smuggler sniper soldier spectator spouse spy staffer student
    supporter survivor suspect sympathiser sympathizer teacher technician teenager terrorist tourist trader trafficker
    trainee trainer translator traveller traveler tribesman trooper vendor veteran victim villager visitor volunteer
    voter warrior wife woman worker worshipper worshiper youth youngster
"""
_CASUALTIES = "casualty death fatality injury loss body corpse life wounded"
_ARMS = """
    aeroplane airplane bomb bombshell bullet cannon carbine cartridge
    detonator drone explosive firearm grenade gun gunboat handgun helicopter howitzer ied jet kalashnikov
    landmine munition launcher manpads mine missile mortar motorbike motorcycle pickup pistol plane projectile revolver
    rifle rocket round rpg shell ship shotgun speedboat tank technical torpedo truck uav vehicle
    warhead warplane warship weapon vest
"""
_ATTACKS = """
    abduction airstrike ambush arson assassination assault attack beheading blast bombardment bombing clash execution
    explosion hijacking incident incursion kidnapping killing massacre murder operation raid robbery shooting
    skirmish sortie strike
"""
_IRREGULAR = {"man": "men", "child": "children", "person": "people", "life": "lives", "wife": "wives"}
_NOT_MEN = ("german", "roman", "ottoman", "norman", "turkman", "turkoman", "human", "shaman")
_SAME = "aircraft personnel police troops others people persons crew mujahideen mujahedeen mujahidin gendarmes staff fedayeen"
_NOT_PEOPLES = "Paris Tunis Isis Daesh This His Analysis Crisis Basis Trans Titans"
_PEOPLES = """
    Kurds Turks Arabs Serbs Croats Greeks Czechs Danes Swedes Finns Poles Spaniards Swiss Dutch Britons Scots Jews
    Afghans Uzbeks Tajiks Kazakhs Druze Yazidis Slovaks Slovenes Thais Filipinos Filipinas Uighurs Uyghurs Hazaras
    Muslims Westerners Sikhs Hindus Buddhists Shiites Shia Sunnis Alawites Copts Tuaregs Tuareg Maronites Icelanders
    Englishmen Frenchmen Irishmen Welshmen Dutchmen Maltese Basques Catalans Kosovars Roma Bedouin Bedouins Fulanis
    Peuls Hausas Hutus Tutsis Tamils Chechens Ingush Avars Berbers Moors
"""
_NOT_NAMES = frozenset(_NOT_PEOPLES.split())
_NAMES = frozenset(_PEOPLES.split())
_NAME_ENDINGS = re.compile(r"[A-Z][a-zé]{2,}(?:ans|[a-z]{2}is|nese|mese|lese|guese)")


def plural(noun: str) -> str:
    """Return the plural of an English noun: `American` -> `Americans`, `child` -> `children`."""
    low = noun.lower()
    for one, many in _IRREGULAR.items():
        if low == one or (one == "man" and low.endswith("man") and low not in _NOT_MEN):
            return noun[: len(noun) - len(one)] + many
    if low.endswith("ese"):
        return noun
    if low.endswith(("s", "x", "ch", "sh")):
        return f"{noun}es"
    if low.endswith("y") and low[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}s"


def is_people_name(word: str) -> bool:
    """Say whether a capitalised plural names the members of a people: `Europeans`, `Iraqis`, `Kurds`."""
    return word in _NAMES or (word not in _NOT_NAMES and _NAME_ENDINGS.fullmatch(word) is not None)


ONE_HEADS = frozenset(_PEOPLE.split() + _CASUALTIES.split()) - {"loss", "body", "life", "wounded"}

# plural noun, lower case -> what it counts
HEADS: dict[str, str] = {
    **{plural(noun): "attacks" for noun in _ATTACKS.split()},
    **{plural(noun): "arms" for noun in _ARMS.split()},
    **{plural(noun): "casualties" for noun in _CASUALTIES.split()},
    **{plural(noun): "people" for noun in _PEOPLE.split()},
    **dict.fromkeys(_SAME.split(), "people"),
    "aircraft": "arms",
    "families": "people",
    "manpads": "arms",
}
_INVARIABLE = "police staff crew personnel aircraft people mujahideen mujahedeen mujahidin"
INVARIABLE = frozenset(_INVARIABLE.split())  # heads that also stand before a noun: two police stations

_TOLL = "killed dead wounded injured missing kidnapped abducted captured detained arrested hurt displaced"
TOLL = frozenset(_TOLL.split())

_IN_S = """
    arms forces operations drugs religious dangerous serious suspicious notorious numerous various anonymous
    indigenous logistics communications homeless explosives sports sales news rights previous
"""
MODIFIERS_IN_S = frozenset(_IN_S.split())  # words in -s that may stand before the noun that is counted

_STOP = """
    of in on at to from by for with without and or but nor the a an this that these those his her their its our my
    was were is are be been being has have had do did does who which whom whose when while where as than then so if
    per percent mm cm km kg lb m ft mph kph mile kilometer kilometre metre meter foot feet caliber calibre gauge
    hectare year month day hour minute week decade century second across towards always sometimes afterwards
    perhaps besides overseas unless alongside versus not no into onto over under after before during since
    until about against between near outside inside along most some all both each every any such also only just
    later still again would will could may might can shall should must said says claimed reported took killed died
    led formed pledged joined attacked january february march april june july august september october november
    december
"""
STOP = frozenset(_STOP.split())  # words that end a noun phrase
