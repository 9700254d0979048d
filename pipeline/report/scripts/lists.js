// Filters and lists that are shown page by page.

// A labelled select. `options` are [value, key or text] pairs, a text in brackets of its own: [value, [text]].
const select = (key, options, act) => {
  const made = h("select", { on: { change: () => act(made.value) } });
  made.append(h("option", { value: "", t: "filter.all" }));
  for (const [value, name] of options) {
    made.append(Array.isArray(name) ? h("option", { value }, name[0]) : h("option", { value, t: name }));
  }
  return h("label", {}, h("span", { t: key }), made);
};

// A labelled search field; `act` gets the words in lower case.
const search = (key, act) => {
  let waiting;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => act(words(made.value)), 120);
  };
  const made = h("input", { type: "search", autocomplete: "off", spellcheck: "false", on: { input: later } });
  return h("label", {}, h("span", { t: key }), made);
};

const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
const holds = (text, wanted) => {
  const lower = wanted.length ? text.toLowerCase() : "";
  return wanted.every((word) => lower.includes(word));
};
const distinct = (values) => [...new Set(values)].filter((value) => value !== null && value !== undefined);

// A pager of `size` entries; `act` is called with the first entry to show.
const pager = (size, key, act) => {
  let first = 0;
  let all = 0;
  const turn = (step) => {
    first = Math.max(0, Math.min(first + step * size, all - 1));
    tell();
    act(first);
  };
  const previous = h("button", { type: "button", t: "pager.previous", on: { click: () => turn(-1) } });
  const next = h("button", { type: "button", t: "pager.next", on: { click: () => turn(1) } });
  const range = h("span", { class: "range" });
  const tell = () => {
    const values = { first: all && first + 1, last: Math.min(first + size, all), all };
    range.textContent = say(key, values);
    // A disabled button would lose the focus.
    previous.setAttribute("aria-disabled", String(first === 0));
    next.setAttribute("aria-disabled", String(first + size >= all));
  };
  afterwards.push(tell);
  return {
    parts: [previous, range, next],
    start: (count) => {
      all = count;
      first = 0;
      tell();
      act(0);
    },
    hide: (count) => count <= size,
    again: () => act(first),
  };
};

// A list in `host` with filters above it. `show(item)` makes an entry; `keep(item)` tells whether it is shown.
const list = (host, items, size, filters, keep, show) => {
  let kept = [];
  const body = h("ul", { class: "entries" });
  const none = h("p", { t: "pager.none", hidden: true });
  const turns = pager(size, "pager.range", (first) => body.replaceChildren(...kept.slice(first, first + size).map((item) => h("li", {}, show(item)))));
  const bar = h("div", { class: "pager" }, turns.parts);
  const apply = () => {
    kept = items.filter(keep);
    none.hidden = kept.length > 0;
    bar.hidden = turns.hide(kept.length);
    turns.start(kept.length);
  };
  host.replaceChildren(h("div", { class: "filters" }, filters), none, body, bar);
  afterwards.push(turns.again);
  apply();
  return { apply, shown: () => [...body.children] };
};
