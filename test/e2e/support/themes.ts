import { screenshot } from '../../harness/workbench/screenshot.ts';
import { evaluateInHost, type WorkbenchWindow } from '../../harness/workbench.ts';

/** A theme of each kind that VS Code has, with the class of a workbench that shows it. */
const themes = {
  light: { name: 'Light 2026', mark: 'vs' },
  contrast: { name: 'Default High Contrast', mark: 'hc-black' },
  dark: { name: 'Dark 2026', mark: 'vs-dark' },
} as const;

/** The kinds of theme in which every screen is to be looked at. */
export const themeKinds = ['light', 'contrast', 'dark'] as const;

/** Changes the colour theme, and waits until it is drawn. */
export async function useTheme(window: WorkbenchWindow, kind: keyof typeof themes): Promise<void> {
  const { name, mark } = themes[kind];
  await evaluateInHost(
    window,
    (api, value) =>
      api.workspace.getConfiguration('workbench').update('colorTheme', value, api.ConfigurationTarget.Global),
    name,
  );
  await window.page.locator(`.monaco-workbench.${mark}`).waitFor();
}

/** Keeps a picture of what is open in a light, a high-contrast and a dark theme. */
export async function screenshotThemes(window: WorkbenchWindow, name: string): Promise<void> {
  for (const kind of themeKinds) {
    await useTheme(window, kind);
    await screenshot(window.page, `${name}-${kind}`);
  }
}
