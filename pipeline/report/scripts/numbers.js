// How a target is written, and what is to be said of it.

const SIGNS = { ">=": "≥ ", "<=": "≤ ", ">": "> ", "<": "< " };
const NARROW = "\u202f";

const unitOf = (unit) => (unit === null || unit === undefined ? "" : unit === "%" ? `${NARROW}%` : ` ${unit}`);

const shownValue = (target) => {
  if (target.value === null || target.value === undefined) return "";
  const upper = target.upper ?? null;
  const range = upper === null ? "" : `–${written(upper)}`;
  return `${SIGNS[target.comparator] ?? ""}${written(target.value)}${range}${unitOf(target.unit)}`;
};

// The text of a number and whether it is a document's.
const shownNumber = (number) => {
  if (number.status === "lost") return h("span", { class: "lost", t: "status.lost" });
  if (number.status === "text") return quoted(number.text, "span", { class: "words" });
  const value = shownValue(number) || number.text || "–";
  return number.unit && number.unit !== "%" ? quoted(value) : h("span", {}, value);
};

const labels = (number) => [
  ...(number.status === "text" || number.status === "ambiguous" ? [`status.${number.status}`] : []),
  ...number.remarks.map((remark) => `remark.${remark}`),
];

// The class that colours a number and the key of what the colour means; nulls where it has none.
const standing = (number, measure) => {
  if (measure === "meets") {
    return number.meets === null ? [null, null] : [`meets-${number.meets}`, `meets.${number.meets}`];
  }
  if (number.rank === null) return [null, null];
  const kind = entries[number.entry].direction === null ? "size" : "rank";
  return [`${kind}-${number.rank + 2}`, `${kind}.${number.rank}`];
};

const placeName = (place) => {
  if (place.name === null) return say("compare.unknown_place");
  return place.kind === "kabupaten" ? place.name.replace(/^Kabupaten /, "") : place.name;
};

const partKey = (entry) => `part.${entry.part}` in data.texts[language] ? `part.${entry.part}` : null;
const partName = (entry) => {
  const part = partKey(entry) ? say(partKey(entry)) : entry.part;
  return entry.pillar === null ? part : say("part.pillar", { part, n: entry.pillar });
};
