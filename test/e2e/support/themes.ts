import { evaluateInHost, type WorkbenchWindow } from '../../vscode/workbench.ts';
import { screenshot } from '../../vscode/workbench/screenshot.ts';

const themes = [
  { name: 'Default Light Modern', mark: 'vs', picture: 'light' },
  { name: 'Default High Contrast', mark: 'hc-black', picture: 'contrast' },
  { name: 'Default Dark Modern', mark: 'vs-dark', picture: 'dark' },
];

/** Keeps a picture of what is open in a light, a high-contrast and a dark theme. */
export async function screenshotThemes(window: WorkbenchWindow, name: string): Promise<void> {
  for (const theme of themes) {
    await evaluateInHost(
      window,
      (api, value) =>
        api.workspace
          .getConfiguration('workbench')
          .update('colorTheme', value, api.ConfigurationTarget.Global),
      theme.name,
    );
    await window.page.locator(`.monaco-workbench.${theme.mark}`).waitFor();
    await screenshot(window.page, `${name}-${theme.picture}`);
  }
}
