// Colours for the canvas, from the style sheet, and the scale from cold to hot.

/** The colours of the present theme. */
export function palette() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => style.getPropertyValue(name).trim();
  return {
    ink: get('--ink'), soft: get('--soft'), faint: get('--faint'), paper: get('--paper'),
    hot: get('--hot'), cold: get('--cold'), neutral: get('--neutral'), font: get('--sans'), serif: get('--serif'),
  };
}

/** A colour for each temperature between the coldest and the hottest bath. */
export function warmth(colours, temperatures) {
  const finite = temperatures.filter(Number.isFinite);
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const stops = [colours.cold, colours.neutral, colours.hot].map(components);
  const mix = (share) => {
    const below = share < 0.5 ? 0 : 1;
    const parts = stops[below].map((part, index) => part + (stops[below + 1][index] - part) * (2 * share - below));
    return `rgb(${parts.map(Math.round).join()})`;
  };
  return (temperature) => {
    const share = (temperature - low) / (high - low);
    return mix(Number.isFinite(share) ? Math.max(0, Math.min(1, share)) : 0.5);
  };
}

/** Red, green and blue of `#rrggbb`, as the style sheet writes its colours. */
function components(colour) {
  return [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));
}

/** How many times larger than usual the reader wants letters. */
export function letterScale() {
  return (parseFloat(getComputedStyle(document.documentElement).fontSize) || 16) / 16;
}
