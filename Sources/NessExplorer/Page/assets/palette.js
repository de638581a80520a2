// Colours for the canvas, from the style sheet, and the scale from cold to hot.

const d3 = window.d3;

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
  const mix = d3.piecewise(d3.interpolateRgb, [colours.cold, colours.neutral, colours.hot]);
  return (temperature) => {
    const share = (temperature - low) / (high - low);
    return mix(Number.isFinite(share) ? Math.max(0, Math.min(1, share)) : 0.5);
  };
}
