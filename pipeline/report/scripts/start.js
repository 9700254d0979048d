// Everything begins here.

choose("language", language, (value) => {
  language = value;
  translate();
});
choose("colours", remembered("colours") || "auto", colour);
// On a phone the filters wait behind their heading.
document.getElementById("fold")?.toggleAttribute("open", matchMedia("(min-width: 40.01rem)").matches);
startCompare();
startFiles();
startChanges();
for (const [name, start] of [["offices", startOffices], ["candidates", startCandidates], ["findings", startFindings]]) {
  const place = host(name);
  if (place) whenNear(place, () => open(name, place, start));
}
