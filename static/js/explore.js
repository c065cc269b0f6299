// Lets a person explore a chart with plotly, which is loaded only then; the drawing stays until it is there, and if it fails.
"use strict";

const exploring = document.currentScript.dataset; // plotly and style: addresses of the library and its stylesheet
// The bundle puts no style of its own into a page that has an element with this id.
const MAPS_STYLE = "9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53";
const TOKENS = {
  "#13212a": "--ink", "#43535d": "--ink-2", "#005e67": "--accent", "#e9f3f4": "--accent-tint",
  "#d6dde1": "--line", "#ffffff": "--paper",
};
let loading = null;

function element(name, attributes) {
  const made = Object.assign(document.createElement(name), attributes);
  document.head.append(made);
  return made;
}

function loadPlotly() {
  loading ??= new Promise((resolve, reject) => {
    element("meta", { id: MAPS_STYLE });
    element("link", { id: "plotly.js-style-global", className: "no-inline-styles", rel: "stylesheet", href: exploring.style });
    element("script", { src: exploring.plotly, onload: resolve, onerror: reject });
  });
  return loading;
}

// The colours of the page as it is shown, light or dark, in place of those of the light page.
function inColours(value, style) {
  if (Array.isArray(value)) return value.map((part) => inColours(part, style));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inColours(part, style)]));
  }
  return TOKENS[value] ? style.getPropertyValue(TOKENS[value]).trim() || value : value;
}

async function explore(button) {
  const figure = button.closest("figure, section");
  const drawings = figure.querySelectorAll("[data-drawing]");
  const place = figure.querySelector("[data-explored]");
  if (!place.hidden) {
    place.hidden = true;
    drawings.forEach((drawing) => drawing.classList.remove("d-none"));
    button.setAttribute("aria-expanded", "false");
    return;
  }
  const status = figure.querySelector("[data-explore-state]");
  button.disabled = true;
  status.textContent = status.dataset.loading;
  try {
    await loadPlotly();
    const told = JSON.parse(place.dataset.figure);
    const style = getComputedStyle(document.body);
    place.hidden = false;
    const { data, layout } = inColours({ data: told.data, layout: told.layout }, style);
    layout.font.family = style.fontFamily;
    await window.Plotly.newPlot(place, data, layout, told.config);
    drawings.forEach((drawing) => drawing.classList.add("d-none"));
    button.setAttribute("aria-expanded", "true");
    status.textContent = "";
  } catch {
    place.hidden = true;
    loading = null;
    status.textContent = status.dataset.failed;
  }
  button.disabled = false;
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-explore]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => explore(button));
  });
});
