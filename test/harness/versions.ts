/** One VS Code that the tests can run in: the npm packages that carry it and the Node that it wants. */
export interface VsCodeVersion {
  readonly vscode: string;
  readonly codeServer: string;
  readonly node: string;
  /** Whether code-server hands options of VS Code's on that it does not know itself. */
  readonly passesOptions: boolean;
}

const current: VsCodeVersion = {
  vscode: '1.139.1',
  codeServer: '4.139.1',
  node: '24.21.0',
  passesOptions: true,
};
/** The oldest VS Code that `engines.vscode` promises. */
const floor: VsCodeVersion = {
  vscode: '1.105.1',
  codeServer: '4.105.1',
  node: '22.23.3',
  passesOptions: false,
};

/** Picks a version by its name or number; throws an error that lists the choices for anything else. */
export function chooseVersion(name = process.env['AIRISK_VSCODE'] ?? 'current'): VsCodeVersion {
  if (name === 'current' || name === current.vscode) return current;
  if (name === 'floor' || name === floor.vscode) return floor;
  throw new Error(
    `AIRISK_VSCODE (or the argument) is "${name}"; it can be current (${current.vscode}) or floor (${floor.vscode}).`,
  );
}
