import * as vscode from 'vscode';
import type { AiriskErrorDetails, NextStep } from '../core/errors.ts';
import { deploymentOrigin } from '../core/oauth/deployment.ts';
import { registeredRedirectUri } from '../core/oauth/redirectUri.ts';

const { l10n } = vscode;

/** A button of a message. */
export interface Button {
  readonly title: string;
  readonly run: () => Thenable<unknown>;
}

/** What a next step is about, when its words or its buttons name it. */
export type About = Pick<AiriskErrorDetails, 'subject' | 'reason' | 'request'>;

/** A button that runs a command. */
export function runs(title: string, command: string, ...arguments_: readonly unknown[]): Button {
  return { title, run: () => vscode.commands.executeCommand(command, ...arguments_) };
}

/** A button that opens a setting. */
export function openSettings(name: string): Button {
  return runs(l10n.t('Open Settings'), 'workbench.action.openSettings', name);
}

/** A button that ends a sign-in that is in the way, and goes on. */
export function cancelItAnd(goOn: () => Thenable<unknown>, { subject }: About): Button {
  const run = (): Thenable<unknown> =>
    vscode.commands.executeCommand('airisk.cancelSignIn', { account: subject }).then(goOn);
  return { title: l10n.t('Cancel It and Continue'), run };
}

/** What to do about a failure, in a sentence or two; empty when the failure's own words say it. */
export function adviceOn(nextStep: NextStep | undefined, about: About): string {
  return nextStep ? rows[nextStep].advice(about) : '';
}

/** The buttons that do it. */
export function nextStepButtons(nextStep: NextStep | undefined, about: About): Button[] {
  return (nextStep && rows[nextStep].buttons?.(about)) || [];
}

/** Copies an address and says so, also to a screen reader. */
export async function copyAddress(address: string): Promise<void> {
  await vscode.env.clipboard.writeText(address);
  void vscode.window.showInformationMessage(l10n.t('Copied: {0}', address));
}

interface Row {
  /** Names no command: it is also read in set-up itself, and elsewhere a button stands beside it. */
  readonly advice: (about: About) => string;
  readonly buttons?: (about: About) => Button[];
}

const setUp = (): Button => runs(l10n.t('Set Up'), 'airisk.setUp');
const diagnose = (): Button => runs(l10n.t('Diagnose'), 'airisk.diagnose');

const rows: Record<NextStep, Row> = {
  setUp: { advice: () => l10n.t('Run "AIRisk: Set Up".'), buttons: () => [setUp()] },
  settings: {
    advice: () => l10n.t('Correct it in the settings.'),
    buttons: ({ subject = '' }) => {
      if (/^airisk\.(baseUrl|clientId|redirectUri)$/.test(subject)) return [setUp()];
      // The argument of a command is not valid for the same reasons, and is no setting.
      return subject.startsWith('airisk.') ? [openSettings(subject)] : [];
    },
  },
  deployments: {
    advice: () => l10n.t('Set it up, or correct airisk.deployments in the settings.'),
    buttons: () => [setUp(), openSettings('airisk.deployments')],
  },
  keyring: { advice: () => l10n.t('Unlock or install a keyring, then restart VS Code.') },
  keyringQuestion: {
    advice: () => l10n.t('Unlock your keyring, or answer what VS Code asks about it. Then try again.'),
  },
  clientId: {
    advice: () => l10n.t('Compare the client ID with the one from your AIRisk administrator.'),
    buttons: () => [setUp()],
  },
  user: {
    advice: () => l10n.t('Check the user and the client ID with your AIRisk administrator.'),
    buttons: () => [runs(l10n.t('Select User'), 'airisk.signInAsUser'), setUp()],
  },
  clientSecret: {
    advice: () => l10n.t('Enter it exactly as you received it.'),
    buttons: () => [runs(l10n.t('Change Client Secret'), 'airisk.setClientSecret')],
  },
  redirectUri: {
    advice: ({ request }) =>
      l10n.t('Ask your AIRisk administrator to register exactly this redirect URI: {0}', uri(request)),
    buttons: ({ request }) => [
      { title: l10n.t('Copy Redirect URI'), run: () => copyAddress(uri(request)) },
      setUp(),
    ],
  },
  editor: {
    advice: () => l10n.t('Select how the sign-in returns to this editor.'),
    buttons: () => [setUp()],
  },
  scheme: {
    advice: () => l10n.t('Reinstall this editor, or select a local port for the redirect.'),
    buttons: () => [setUp()],
  },
  port: {
    advice: () =>
      l10n.t('Close the program that uses the port, or register a redirect URI with a different port.'),
    buttons: () => [setUp()],
  },
  signInWaits: {
    advice: () => l10n.t('Finish it, or cancel it and continue.'),
    buttons: (about) => [cancelItAnd(() => vscode.commands.executeCommand('airisk.diagnose'), about)],
  },
  dns: {
    advice: () => l10n.t('Check the spelling of the address and whether it requires a VPN.'),
    buttons: () => [setUp(), diagnose()],
  },
  tls: {
    advice: () =>
      l10n.t("If you are on a guest network, sign in to it. Otherwise, ask IT for your proxy's certificate."),
    buttons: () => [diagnose()],
  },
  plainHttp: {
    advice: () =>
      l10n.t(
        'Check the port. If AIRisk runs on this computer without a certificate, begin the address with http://.',
      ),
    buttons: () => [setUp()],
  },
  otherPort: { advice: () => l10n.t('Use a different port.'), buttons: () => [setUp()] },
  proxy: {
    advice: () => l10n.t('Check the proxy and its credentials in the http.proxy setting.'),
    buttons: () => [openSettings('http.proxy')],
  },
  network: {
    advice: () => l10n.t('Check the address, network, VPN, and proxy.'),
    buttons: () => [diagnose()],
  },
  portal: {
    advice: () =>
      l10n.t(
        'Open the address in a browser. If a network sign-in page appears, sign in. Otherwise, correct the address.',
      ),
    buttons: () => [setUp()],
  },
  moved: {
    advice: () => l10n.t('Use that address as the deployment address.'),
    buttons: movedButtons,
  },
  wait: {
    advice: () =>
      l10n.t(
        'Try again in a few minutes. If it persists, send the report of "AIRisk: Diagnose" to AIRisk support.',
      ),
    buttons: () => [diagnose()],
  },
  clock: { advice: () => l10n.t('Turn on automatic time on this computer.') },
  administrator: {
    advice: () => l10n.t('Send the report of "AIRisk: Diagnose" to your AIRisk administrator.'),
    buttons: () => [diagnose()],
  },
};

// Takes the place of the address that has moved, and of no other.
function movedButtons({ subject, reason = '' }: About): Button[] {
  const configuration = vscode.workspace.getConfiguration('airisk');
  if (hostOf(configuration.inspect<string>('baseUrl')?.globalValue) !== subject) return [setUp()];
  const run = () => configuration.update('baseUrl', reason, vscode.ConfigurationTarget.Global);
  return [{ title: l10n.t('Use {0}', reason), run }];
}

function hostOf(address: string | undefined): string | undefined {
  try {
    return new URL(deploymentOrigin(address ?? '')).host;
  } catch {
    return undefined;
  }
}

function uri(request: About['request']): string {
  return registeredRedirectUri(request?.redirectUri ?? '');
}
