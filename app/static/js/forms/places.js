// Divisions and addresses, the same as app/forms/places.py.

import * as m from "./mistakes.js";
import { compact, line, size } from "./texts.js";
import { isMap, judged, own, verdict, whole, Wrong } from "./verdicts.js";

const CODE = /^[1-9][0-9]{5}([0-9]{3}){0,2}$/;
const LEVELS = ["province", "city", "county", "town", "village"];
const DEEPER = [null, m.DOWN_TO_CITY, m.DOWN_TO_COUNTY, m.DOWN_TO_TOWN, m.DOWN_TO_VILLAGE];
const COUNTY = 2;
// Cities without counties, and 台湾, 香港, 澳门, which are named no deeper: they count as counties.
const UNDIVIDED = new Set(["441900", "442000", "460400", "620200", "710000", "810000", "820000"]);

/** How deep a code is: 0 province … 4 village. */
export function levelOf(code) {
  if (UNDIVIDED.has(code)) return COUNTY;
  if (code.length === 6) return code.endsWith("0000") ? 0 : code.endsWith("00") ? 1 : COUNTY;
  return code.length === 9 || code.endsWith("000") ? 3 : 4;
}

/** How deep must be picked at this code: towns and villages are known inside the installation's district only. */
export function wantedLevel(question, code, district) {
  const wanted = question.down_to ? LEVELS.indexOf(question.down_to) : 0;
  if (question.here && CODE.test(district)) return Math.max(wanted, levelOf(district));
  return district && code.startsWith(district) ? wanted : Math.min(wanted, COUNTY);
}

const inside = (code, district) => code.startsWith(district) || district.startsWith(code.replace(/0+$/, ""));

export function division(question, value, at) {
  const code = compact({ kind: "division" }, value);
  if (!code) return code;
  if (!CODE.test(code)) throw new Wrong(m.DIVISION);
  if (question.here && at.district && !inside(code, at.district)) throw new Wrong(m.NOT_HERE);
  const wanted = wantedLevel(question, code, at.district);
  if (levelOf(code) < wanted) throw new Wrong(DEEPER[wanted]);
  return code;
}

function detail(question, value, least) {
  const clean = line(question, value);
  const min = Math.max(least, question.min_length ?? 1);
  if (clean && size(clean) < min) throw new Wrong(m.TOO_SHORT, { min, count: size(clean) });
  return clean;
}

/** {division, detail}; a plain text, as drafts once had it, is the detail. */
export function address(question, value, at) {
  if (value === null || value === undefined || value === "") return verdict();
  const given = typeof value === "string" ? { detail: value } : value;
  if (!isMap(given)) return verdict(null, new Wrong(m.SHAPE));
  const place = judged(division, question, own(given, "division"), at);
  const least = place.value || question.down_to || question.here ? 2 : 5;
  return whole({ division: place, detail: judged((q, v) => detail(q, v, least), question, own(given, "detail"), at) });
}
