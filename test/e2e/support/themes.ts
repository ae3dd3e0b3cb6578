import { screenshot } from '../../harness/workbench/screenshot.ts';
import { evaluateInHost, type WorkbenchWindow } from '../../harness/workbench.ts';

/** A theme of each kind, by its names in the versions of VS Code, with the class of a workbench that shows it. */
const themes = {
  light: { names: ['Light 2026', 'Default Light Modern'], mark: 'vs' },
  contrast: { names: ['Default High Contrast'], mark: 'hc-black' },
  dark: { names: ['Dark 2026', 'Default Dark Modern'], mark: 'vs-dark' },
} as const;

/** The kinds of theme in which a screen is looked at. */
export const themeKinds = ['light', 'contrast', 'dark'] as const;

/** Changes the colour theme, and waits until it is drawn. */
export async function useTheme(window: WorkbenchWindow, kind: keyof typeof themes): Promise<void> {
  const { names, mark } = themes[kind];
  await evaluateInHost(
    window,
    (api, wanted) => {
      const there = JSON.stringify(
        api.extensions.all.map(({ packageJSON }) => packageJSON.contributes?.themes),
      );
      const name = wanted.find((one) => there.includes(`"id":"${one}"`));
      if (name === undefined) throw new Error(`This VS Code has no theme ${wanted.join(' or ')}.`);
      const workbench = api.workspace.getConfiguration('workbench');
      return workbench.update('colorTheme', name, api.ConfigurationTarget.Global);
    },
    names,
  );
  await window.page.locator(`.monaco-workbench.${mark}`).waitFor();
}

/** Keeps a picture of what is open; with `AIRISK_THEMES=all` in a light, a high-contrast and a dark theme. */
export async function screenshotThemes(window: WorkbenchWindow, name: string): Promise<void> {
  if (process.env['AIRISK_THEMES'] !== 'all') {
    await screenshot(window.page, name);
    return;
  }
  for (const kind of themeKinds) {
    await useTheme(window, kind);
    await screenshot(window.page, `${name}-${kind}`);
  }
}
