// A view is a link: what the reader has picked stands in the address behind `#`, after the section that is in view:
// `#supply&scenario=reference&base=cfd_off&mineral=gallium&year=2035`.

const selectors = ["scenario", "base", "mineral", "year"];
let section = "";
let arriving = "";

// The address of a view, with some choices other than those of now.
function linkTo(place, more = {}) {
  const view = { ...chosen, base: chosen.picked, ...more };
  const parts = [...selectors, "measure"].map((what) => `${what}=${encodeURIComponent(view[what])}`);
  return `#${[place, ...parts].join("&")}`;
}

// What an address asks for: choices this page does not have are left out.
function readAddress(address) {
  const [place, ...parts] = address.replace(/^#/, "").split("&");
  const asked = new Map(parts.map((part) => part.split("=")).map(([what, value = ""]) => [what, decode(value)]));
  const found = { place: document.getElementById(decode(place)) ? decode(place) : "" };
  for (const what of selectors) {
    const box = document.getElementById(what);
    if ([...box.options].some((option) => option.value === asked.get(what))) found[what] = asked.get(what);
  }
  if (matrixMeasures.some(({ key }) => key === asked.get("measure"))) found.measure = asked.get("measure");
  return found;
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

// The address without a new entry in the history for each choice.
function writeAddress() {
  window.history.replaceState(null, "", linkTo(section));
}

// Show what the address asks for, and go to its section. An address with a section alone changes no choice.
function openAddress() {
  const { place, measure, ...choices } = readAddress(window.location.hash);
  for (const [what, value] of Object.entries(choices)) document.getElementById(what).value = value;
  if (measure) chosen.measure = measure;
  if (place) section = place;
  arriving = place;
  if (place) document.getElementById(place).scrollIntoView();
  follow();
}

// The section at the top of the window, once the reader has stopped scrolling.
let waiting = 0;
function noteSection() {
  if (arriving) return;
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => {
    const below = parseFloat(window.getComputedStyle(document.documentElement).scrollPaddingTop) + 8;
    const passed = [...document.querySelectorAll("main > section")].filter(
      (each) => each.getBoundingClientRect().top <= below,
    );
    section = passed.length ? passed[passed.length - 1].id : "";
    writeAddress();
  }, 200);
}
