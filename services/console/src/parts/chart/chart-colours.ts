/** Of the series of charts; readable on light and dark, and told apart by their place in the legend too. */
export const SERIES_COLOURS = ['#4f74e3', '#d98a1f', '#c2498f', '#2f9e8f', '#8a6fd6'] as const;

/** What CSS says of a colour now: a canvas knows no variables. */
export function cssColour(name: string, place: Element): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
