// The page's data, its language and its colours; elements made from text, never from markup.

const data = JSON.parse(document.getElementById("data").textContent);
const rowsOf = ({ fields, rows }) =>
  rows.map((row) => {
    const made = {};
    fields.forEach((name, at) => (made[name] = row[at]));
    return made;
  });
const acts = rowsOf(data.acts);
const files = rowsOf(data.files);
const entries = rowsOf(data.entries);
const places = rowsOf(data.places);
const numbers = rowsOf(data.numbers);

const KEPT = "perbup-report-";
const remember = (name, value) => {
  try {
    localStorage.setItem(KEPT + name, value);
  } catch {
    // A browser may keep nothing for files: the choice holds until the page is closed.
  }
};
const remembered = (name) => {
  try {
    return localStorage.getItem(KEPT + name);
  } catch {
    return null;
  }
};

const preferred = navigator.languages.some((one) => one.startsWith("id")) ? "id" : "en";
let language = remembered("language") in data.texts ? remembered("language") : preferred;
// Called after the language changed, to show anew what was made by script.
const afterwards = [];

const say = (key, values = {}) =>
  data.texts[language][key].replace(/\{(\w+)\}/g, (_, name) => written(values[name], name === "share"));

const written = (value, share = false) => {
  if (typeof value !== "number") return value ?? "";
  // Rounded down: only what is whole is 100 %.
  if (share) return `${(Math.floor(value * 1000) / 10).toLocaleString(language)}\u202f%`;
  return value.toLocaleString(language, { maximumFractionDigits: 2 });
};

// An element; `t` is the key of its text, `values` what fills it, `on` its listeners; null children are left out.
const h = (tag, { t, values, on = {}, ...attributes } = {}, ...children) => {
  const made = document.createElement(tag);
  if (t) {
    made.dataset.t = t;
    if (values) made.dataset.values = JSON.stringify(values);
    made.textContent = say(t, values);
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  for (const [name, listener] of Object.entries(on)) made.addEventListener(name, listener);
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
};
// Text of a document: Indonesian, whatever the page's language is.
const quoted = (text, tag = "span", attributes = {}) => h(tag, { lang: "id", ...attributes }, text ?? "");
// Text that the pipeline wrote.
const english = (text, tag = "span", attributes = {}) => h(tag, { lang: "en", ...attributes }, text ?? "");

const translate = () => {
  document.documentElement.lang = language;
  document.title = say("title");
  for (const element of document.querySelectorAll("[data-t]")) {
    element.textContent = say(element.dataset.t, JSON.parse(element.dataset.values || "{}"));
  }
  for (const name of ["aria-label", "placeholder"]) {
    for (const element of document.querySelectorAll(`[data-t-${name}]`)) {
      element.setAttribute(name, say(element.getAttribute(`data-t-${name}`)));
    }
  }
  for (const element of document.querySelectorAll("[data-n]")) element.textContent = written(Number(element.dataset.n));
  translateCharts();
  afterwards.forEach((one) => one());
};

// Numbers in the charts are drawn as Indonesian writes them; English swaps the comma and the full stop.
const translateCharts = () => {
  for (const text of document.querySelectorAll("svg.chart text")) {
    text.dataset.id ??= text.textContent;
    const plain = text.dataset.id;
    const number = language === "en" && /^[-−]?[\d.,]+$/.test(plain);
    text.textContent = number ? plain.replace(/[.,]/g, (sign) => (sign === "." ? "," : ".")) : plain;
  }
};

const choose = (name, value, act) => {
  for (const input of document.getElementsByName(name)) {
    input.checked = input.value === value;
    input.addEventListener("change", () => {
      remember(name, input.value);
      act(input.value);
    });
  }
  act(value);
};

const colour = (name) => {
  if (name === "auto") delete document.documentElement.dataset.colours;
  else document.documentElement.dataset.colours = name;
};
