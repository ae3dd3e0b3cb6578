import * as vscode from 'vscode';
import { AiriskError, type NextStep } from '../core/errors.ts';
import { deploymentOrigin } from '../core/oauth/deployment.ts';
import { registeredRedirectUri } from '../core/oauth/redirectUri.ts';
import { checkedClientId, SettingAddress, SettingText } from '../core/oauth/settingValues.ts';
import { targetArgument } from './commands/commandArgument.ts';
import { shortLocalTime } from './wording.ts';

const { l10n } = vscode;

/** A button of a message. */
export interface Button {
  readonly title: string;
  readonly run: () => Thenable<unknown>;
}

/** A button that lets the person choose the deployment for this window. */
export function switchDeployment(): Button {
  return runs(l10n.t('Switch Deployment'), 'airisk.switchDeployment');
}

/** What a next step is about, when its words or its buttons name it. */
export type About = Partial<
  Pick<AiriskError, 'deployment' | 'subject' | 'reason' | 'request' | 'retryAfterMs' | 'at'>
>;

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

const aFewMinutesMs = 5 * 60_000;
// Nobody means more, and a date cannot be just any number.
const aMonthMs = 30 * 24 * 60 * 60_000;

const setUp = (about: About): Button => runs(l10n.t('Set Up'), 'airisk.setUp', targetArgument(about));
const diagnose = (about: About): Button => runs(l10n.t('Diagnose'), 'airisk.diagnose', targetArgument(about));

const rows: Record<NextStep, Row> = {
  setUp: { advice: () => l10n.t('Run "AIRisk: Set Up".'), buttons: (about) => [setUp(about)] },
  settings: {
    advice: () => l10n.t('Correct it in the settings.'),
    buttons: (about) => {
      const { subject = '' } = about;
      if (/^airisk\.(baseUrl|clientId|redirectUri)$/.test(subject)) return [setUp(about)];
      // The argument of a command is not valid for the same reasons, and is no setting.
      return subject.startsWith('airisk.') ? [openSettings(subject)] : [];
    },
  },
  deployments: {
    advice: () => l10n.t('Set it up, or correct airisk.deployments in the settings.'),
    buttons: (about) => [switchDeployment(), setUp(about), openSettings('airisk.deployments')],
  },
  keyring: { advice: () => l10n.t('Unlock or install a keyring, then restart VS Code.') },
  keyringQuestion: {
    advice: () => l10n.t('Unlock your keyring, or answer what VS Code asks about it. Then try again.'),
  },
  clientId: {
    advice: () => l10n.t('Compare the client ID with the one from your AIRisk administrator.'),
    buttons: (about) => [setUp(about)],
  },
  user: {
    advice: () => l10n.t('Check the user and the client ID with your AIRisk administrator.'),
    buttons: (about) => [
      runs(l10n.t('Select User'), 'airisk.signInAsUser', targetArgument(about)),
      setUp(about),
    ],
  },
  clientSecret: {
    advice: () => l10n.t('Enter it exactly as you received it.'),
    buttons: (about) => [
      runs(l10n.t('Change Client Secret'), 'airisk.setClientSecret', targetArgument(about)),
    ],
  },
  redirectUri: {
    advice: ({ request }) =>
      l10n.t('Ask your AIRisk administrator to register exactly this redirect URI: {0}', uri(request)),
    buttons: (about) => [
      { title: l10n.t('Copy Redirect URI'), run: () => copyAddress(uri(about.request)) },
      setUp(about),
    ],
  },
  editor: {
    advice: () => l10n.t('Select how the sign-in returns to this editor.'),
    buttons: (about) => [setUp(about)],
  },
  scheme: {
    advice: () => l10n.t('Reinstall this editor, or select a local port for the redirect.'),
    buttons: (about) => [setUp(about)],
  },
  port: {
    advice: () =>
      l10n.t('Close the program that uses the port, or register a redirect URI with a different port.'),
    buttons: (about) => [setUp(about)],
  },
  signInWaits: {
    advice: () => l10n.t('Finish it, or cancel it and continue.'),
    buttons: (about) => [cancelItAnd(diagnose(about).run, about)],
  },
  dns: {
    advice: () => l10n.t('Check the spelling of the address and whether it requires a VPN.'),
    buttons: (about) => [setUp(about), diagnose(about)],
  },
  tls: {
    advice: () =>
      l10n.t("If you are on a guest network, sign in to it. Otherwise, ask IT for your proxy's certificate."),
    buttons: (about) => [diagnose(about)],
  },
  plainHttp: {
    advice: () =>
      l10n.t(
        'Check the port. If AIRisk runs on this computer without a certificate, begin the address with http://.',
      ),
    buttons: (about) => [setUp(about)],
  },
  otherPort: { advice: () => l10n.t('Use a different port.'), buttons: (about) => [setUp(about)] },
  proxy: {
    advice: () => l10n.t('Check the proxy and its credentials in the http.proxy setting.'),
    buttons: () => [openSettings('http.proxy')],
  },
  network: {
    advice: () => l10n.t('Check the address, network, VPN, and proxy.'),
    buttons: (about) => [diagnose(about)],
  },
  portal: {
    advice: () =>
      l10n.t(
        'Open the address in a browser. If a network sign-in page appears, sign in. Otherwise, correct the address.',
      ),
    buttons: (about) => [setUp(about)],
  },
  moved: {
    advice: () => l10n.t('Use that address as the deployment address.'),
    buttons: movedButtons,
  },
  wait: {
    advice: ({ retryAfterMs = 0, at = Date.now() }) => {
      // No seconds are shown: what has begun counts as a whole minute.
      const time = Math.ceil((at + retryAfterMs) / 60_000) * 60_000;
      return retryAfterMs > aFewMinutesMs && retryAfterMs < aMonthMs
        ? l10n.t('AIRisk asks you to try again after {0}.', shortLocalTime(time, Date.now()))
        : l10n.t(
            'Try again in a few minutes. If it persists, send the report of "AIRisk: Diagnose" to AIRisk support.',
          );
    },
    buttons: (about) => [diagnose(about)],
  },
  clock: { advice: () => l10n.t('Turn on automatic time on this computer.') },
  administrator: {
    advice: () => l10n.t('Send the report of "AIRisk: Diagnose" to your AIRisk administrator.'),
    buttons: (about) => [diagnose(about)],
  },
};

// Takes the place of the address that has moved, and of no other: the settings may have changed before the click.
function movedButtons(about: About): Button[] {
  const { deployment, reason = '' } = about;
  if (!isDefault(deployment)) return [setUp(about)];
  const run = async (): Promise<void> => {
    if (!isDefault(deployment)) throw new AiriskError('settings_changed');
    await airisk().update('baseUrl', reason, vscode.ConfigurationTarget.Global);
  };
  return [{ title: l10n.t('Use {0}', reason), run }];
}

/** Whether `airisk.baseUrl` and `airisk.clientId` describe a deployment. */
function isDefault(deployment: About['deployment']): boolean {
  const [baseUrl, clientId] = ['baseUrl', 'clientId'].map((name) => airisk().inspect(name)?.globalValue);
  try {
    return (
      deployment?.origin === deploymentOrigin(SettingAddress.parse(baseUrl)) &&
      deployment.clientId === checkedClientId(SettingText.parse(clientId))
    );
  } catch {
    return false;
  }
}

const airisk = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('airisk');

function uri(request: About['request']): string {
  return registeredRedirectUri(request?.redirectUri ?? '');
}
