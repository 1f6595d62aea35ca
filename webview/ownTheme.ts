/**
 * The theme of the page where there is no VS Code around it: as the system is set, light or dark, with more contrast where that is
 * asked for, or as the address says (`?theme=light`). It sets what VS Code would set and knows no colours: those are in themes.css.
 */
const THEMES: Readonly<Record<string, string>> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  'hc-dark': 'vscode-high-contrast',
  'hc-light': 'vscode-high-contrast-light',
};

export function followOwnTheme(): void {
  const asked = new URLSearchParams(location.search).get('theme') ?? '';
  const fixed = Object.hasOwn(THEMES, asked) ? THEMES[asked] : undefined;
  if (fixed !== undefined) return apply(fixed);
  const isLight = matchMedia('(prefers-color-scheme: light)');
  const wantsContrast = [matchMedia('(prefers-contrast: more)'), matchMedia('(forced-colors: active)')];
  const follow = () => {
    const contrast = wantsContrast.some(({ matches }) => matches) ? 'hc-' : '';
    apply(THEMES[`${contrast}${isLight.matches ? 'light' : 'dark'}`] ?? 'vscode-dark');
  };
  for (const query of [isLight, ...wantsContrast]) query.addEventListener('change', follow);
  follow();
}

function apply(theme: string): void {
  const others = Object.values(THEMES).filter(each => each !== theme);
  for (const element of [document.documentElement, document.body]) element.classList.remove(...others);
  document.body.dataset.vscodeThemeKind = theme;
  // The page listens for the class of the body: by then the variables are the new ones.
  document.documentElement.classList.add(theme);
  document.body.classList.add(theme);
}
