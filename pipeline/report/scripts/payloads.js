// Compressed blocks of the page, opened when they are asked for and then kept.

const opened = new Map();

const payload = (name) => {
  if (!opened.has(name)) opened.set(name, unpack(document.getElementById(`packed-${name}`)));
  return opened.get(name);
};

const unpack = async (block) => {
  if (typeof DecompressionStream === "undefined") throw new Error(say("too_old"));
  const bytes = Uint8Array.from(atob(block.textContent), (char) => char.charCodeAt(0));
  // The text is needed no more.
  block.remove();
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
};

// Calls `act` with the block's data; tells in `host` where that fails.
const open = async (name, host, act) => {
  try {
    return act(await payload(name));
  } catch (error) {
    host.replaceChildren(h("p", { class: "notice", t: "source.failed", values: { why: error.message } }));
  }
};

// Calls `act` once, when the element comes near the screen.
const whenNear = (element, act) => {
  const watcher = new IntersectionObserver(
    (seen) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      watcher.disconnect();
      act();
    },
    { rootMargin: "400px" },
  );
  watcher.observe(element);
};
