import assert from 'node:assert/strict';
import type { AiriskAuthenticationApi, AiriskSessionsChangeEvent } from '../../../src/api.ts';
import { until } from '../../harness/until.ts';
import { dialog } from '../../harness/workbench/dialog.ts';
import { quickInput } from '../../harness/workbench/quickInput.ts';
import { evaluateInHost, type WorkbenchWindow } from '../../harness/workbench.ts';
import type { Consumer } from '../fixtures/consumer.ts';

declare global {
  /** What `recordEvents` keeps in the extension host. */
  var airiskEvents: AiriskSessionsChangeEvent[] | undefined;
}

/** The labels that `vscode.authentication.getAccounts` gives a consumer extension. */
export async function accountsAs(
  window: WorkbenchWindow,
  consumer: 'one' | 'two',
): Promise<readonly { readonly id: string; readonly label: string }[]> {
  const answer = await evaluateInHost(
    window,
    (api, name) =>
      api.extensions
        .getExtension<Consumer>(`airisk-test.consumer-${name}`)
        ?.activate()
        .then((exports) => exports.getAccounts()),
    consumer,
  );
  if (answer && 'accounts' in answer) return answer.accounts;
  throw new Error(answer?.error.message ?? `consumer-${consumer} is not installed`);
}

/** How many events a consumer extension has got from `vscode.authentication.onDidChangeSessions`. */
export async function changesOf(window: WorkbenchWindow, consumer: 'one' | 'two'): Promise<number> {
  const count = await evaluateInHost(
    window,
    (api, name) =>
      api.extensions
        .getExtension<Consumer>(`airisk-test.consumer-${name}`)
        ?.activate()
        .then((exports) => exports.changes()),
    consumer,
  );
  if (count === undefined) throw new Error(`consumer-${consumer} is not installed`);
  return count;
}

/** Waits until a consumer extension has got so many of those events, which VS Code sends around, and no more. */
export async function untilChanges(
  window: WorkbenchWindow,
  consumer: 'one' | 'two',
  count: number,
): Promise<void> {
  await until(async () => (await changesOf(window, consumer)) >= count);
  assert.equal(await changesOf(window, consumer), count);
}

/** Answers VS Code's question with Allow, and its account picker with a label where one is given. */
export async function allow(window: WorkbenchWindow, label?: string): Promise<void> {
  await dialog(window.page).click('Allow');
  if (label !== undefined) await quickInput(window.page).pick(label);
}

/** Answers the question of one extension with Allow, while another extension's may follow at once. */
export async function allowFor(window: WorkbenchWindow, extension: string): Promise<void> {
  const box = window.page.locator('.monaco-dialog-box').filter({ hasText: extension });
  await box.locator('.monaco-button').filter({ hasText: 'Allow' }).first().dispatchEvent('click');
}

/** Keeps the events of the exported API, for `recordedEvents`. */
export async function recordEvents(window: WorkbenchWindow): Promise<void> {
  await evaluateInHost(window, (api) =>
    api.extensions
      .getExtension<AiriskAuthenticationApi>('airisk.airisk-authentication')
      ?.activate()
      .then((airisk) => {
        const events: AiriskSessionsChangeEvent[] = [];
        globalThis.airiskEvents = events;
        airisk.onDidChangeSessions((event) => events.push(event));
      }),
  );
}

/** The events of the exported API since `recordEvents`. */
export async function recordedEvents(window: WorkbenchWindow): Promise<AiriskSessionsChangeEvent[]> {
  return (await evaluateInHost(window, () => globalThis.airiskEvents)) ?? [];
}

/** Events in short: `signIn +user_42`, with `~` for changed and `-` for removed. */
export function inShort(events: readonly AiriskSessionsChangeEvent[]): string[] {
  return events.map(({ added, changed, removed, reason }) =>
    [
      reason,
      ...added.map(({ userid }) => `+${userid}`),
      ...changed.map(({ userid }) => `~${userid}`),
      ...removed.map(({ userid }) => `-${userid}`),
    ].join(' '),
  );
}
