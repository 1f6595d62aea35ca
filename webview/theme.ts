/**
 * Colours of the theme for what draws on a canvas: any CSS colour, theme variables and mixes included, as `rgb(…)`, which is all
 * that the charts take. Told again when the theme changes. It chooses no colours: those are in the style sheets.
 */

/** The value of a CSS custom property of the page, `--up` for example, as rgb. */
export function themeColour(property: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  document.body.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return asRgb(resolved);
}

/** Calls back whenever VS Code changes the theme: it rewrites the class and the style of the root elements then. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(() => changed());
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
}

/** A mix computes to `color(srgb …)`: a pixel of it says what it is in rgb. */
function asRgb(colour: string): string {
  if (/^rgba?\(/.test(colour)) return colour;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return 'rgb(128, 128, 128)';
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data;
  return alpha === 255
    ? `rgb(${red}, ${green}, ${blue})`
    : `rgba(${red}, ${green}, ${blue}, ${(alpha / 255).toFixed(3)})`;
}
