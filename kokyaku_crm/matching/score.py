"""Points for pairs of a line of a file and somebody known, and what follows from them.

A pair is judged by what agrees, and by what speaks against it; a name that is another one
outweighs everything but a code. All pairs of a part are judged at once, column by column.
"""

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

POINTS = {
    "code": 100,
    "member": 100,
    "email": 60,
    "phone": 50,
    "address": 50,
    "company": 50,
    "birthdate": 40,
    "name": 30,
    "kana": 15,
    "zip": 15,
    "similar": 10,
}
"""What agrees, in the order in which it is told."""
AGAINST = {
    "other_birthdate": -60,
    "other_kana": -30,
    "other_address": -25,
    "other_code": -20,
    "other_name": -40,
}
SURE = 80  # two things that agree besides the name's own, or one that is nobody else's
DOUBTFUL = 45
AHEAD = 25  # so far the best must lie before the second to be meant
ALIKE = 75  # of 100: one character of four is another one
COLUMNS = ("code", "member", "email", "name", "kana", "zip", "address", "company", "birthdate")
ROW = ["line", "partner", "phone", *(f"l_{n}" for n in COLUMNS), *(f"p_{n}" for n in COLUMNS)]
"""What is known of a pair: the line's and the partner's id, whether a number agrees, the folded
texts of the line and those of the partner ("" for unknown)."""


def score(pairs):
    """Give each pair its points and reasons.

    :param pairs: list of rows as ``ROW``
    :return: DataFrame with those columns and ``points``, ``reasons`` (codes of POINTS and
        AGAINST, comma separated), ``named`` ("same", "similar" or "other") and ``by_code``
    """
    pairs = pd.DataFrame(pairs, columns=ROW)
    equal, differ = {}, {}
    for name in COLUMNS:
        one, other = pairs[f"l_{name}"], pairs[f"p_{name}"]
        both = (one != "") & (other != "")
        equal[name] = both & (one == other)
        differ[name] = both & (one != other)
    equal["phone"] = pairs["phone"].astype(bool)
    equal["zip"] &= ~equal["address"]
    similar = _similar(pairs, equal, differ)
    equal["similar"] = ~equal["name"] & similar
    equal["kana"] &= equal["name"] | similar
    other_name = ~equal["name"] & ~similar
    known = equal["code"] | equal["member"] | equal["email"] | equal["phone"]
    against = {
        "other_birthdate": differ["birthdate"],
        "other_kana": differ["kana"] & equal["name"],
        "other_address": differ["zip"] & differ["address"] & ~known,
        "other_code": differ["code"] & ~equal["member"],
        "other_name": other_name,
    }
    points = pd.Series(0, index=pairs.index)
    words = pd.Series("", index=pairs.index)
    for code, amount in [*POINTS.items(), *AGAINST.items()]:
        holds = equal[code] if code in POINTS else against[code]
        points += np.where(holds, amount, 0)
        words += np.where(holds, code + ",", "")
    pairs["points"] = points
    pairs["reasons"] = words.str.rstrip(",")
    pairs["named"] = np.select([equal["name"], similar], ["same", "similar"], "other")
    pairs["by_code"] = equal["code"] | equal["member"]
    return pairs


def _similar(pairs, equal, differ):
    """Say which names may be one name misspelt: the same reading and one character in common,
    or all characters but one; not where the readings are told and quite different."""
    todo = ~equal["name"] & (pairs["l_name"] != "") & (pairs["p_name"] != "")
    similar = pd.Series(False, index=pairs.index)
    for row in pairs.index[todo]:
        one, other = pairs.at[row, "l_name"], pairs.at[row, "p_name"]
        if equal["kana"][row]:
            similar[row] = bool(set(one) & set(other))
            continue
        if differ["kana"][row]:
            if fuzz.ratio(pairs.at[row, "l_kana"], pairs.at[row, "p_kana"]) < ALIKE + 10:
                continue
        short, long = sorted((one, other), key=len)
        similar[row] = fuzz.ratio(one, other) >= ALIKE or (
            len(short) >= 2 and long.startswith(short)
        )
    return similar


def judge(pairs):
    """Say who each line is.

    :param pairs: what `score` returned
    :return: DataFrame by line with ``verdict`` ("sure" or "doubtful"; lines that are nobody
        are left out), ``partner`` (of a sure one, else 0) and ``why`` (of a doubtful one):
        "several", "code_other_name", "similar" or "weak"
    """
    told = pairs["by_code"] | (pairs["named"] != "other") | pairs["reasons"].str.contains("email")
    likely = pairs[(pairs["points"] >= DOUBTFUL) & told]
    likely = likely.sort_values(["line", "points", "partner"], ascending=[True, False, True])
    best = likely.groupby("line").head(1).set_index("line")
    second = likely.groupby("line")["points"].nth(1)
    second.index = likely.loc[second.index, "line"]
    rival = second.reindex(best.index).fillna(-1000)
    named = (best["named"] == "same") | (best["by_code"] & (best["named"] == "similar"))
    sure = (best["points"] >= SURE) & named
    alone = (rival < DOUBTFUL) | (best["points"] - rival >= AHEAD)
    result = pd.DataFrame(index=best.index)
    result["verdict"] = np.where(sure & alone, "sure", "doubtful")
    result["partner"] = np.where(sure & alone, best["partner"], 0)
    result["points"] = best["points"]
    result["reasons"] = best["reasons"]
    result["why"] = np.select(
        [
            sure & alone,
            ~alone,
            best["by_code"] & (best["named"] == "other"),
            best["named"] == "similar",
        ],
        ["", "several", "code_other_name", "similar"],
        "weak",
    )
    return result
