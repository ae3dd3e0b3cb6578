import assert from 'node:assert/strict';
import FakeTimers, { type Clock } from '@sinonjs/fake-timers';
import type * as vscode from 'vscode';
import type { Questions } from '../../../src/vscode/questions.ts';
import { pickWithCare } from '../../../src/vscode/typeAhead.ts';

const [deny, allow] = [{ label: 'Deny' }, { label: 'Allow' }];
const explanation = { label: 'What that means', explains: true };

/** A picker that is shown, and the person in front of it. */
function scene() {
  const heard: { value?: () => void; accept?: () => void; shown?: () => void } = {};
  const picker = {
    items: [] as readonly vscode.QuickPickItem[],
    activeItems: [] as vscode.QuickPickItem[],
    value: '',
    get selectedItems() {
      return picker.activeItems;
    },
    onDidChangeValue: (listener: () => void) => (heard.value = listener),
    onDidAccept: (listener: () => void) => (heard.accept = listener),
  };
  const questions = {
    ask: (_: unknown, listen: (answer: (choice: unknown) => void) => void, __: unknown, shown: () => void) =>
      new Promise((resolve) => {
        heard.shown = shown;
        listen(resolve);
      }),
  };
  let answer: vscode.QuickPickItem | undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is used of them is there
  const asked = pickWithCare(questions as unknown as Questions, picker as never, [deny, allow, explanation]);
  void asked.then((choice) => (answer = choice));
  return {
    picker,
    show: () => heard.shown?.(),
    type: (text: string) => {
      picker.value = text;
      heard.value?.();
    },
    /** Points at a row and presses Enter; gives the answer, if it is one. */
    enter: async (row: vscode.QuickPickItem) => {
      picker.activeItems = [row];
      heard.accept?.();
      await new Promise(setImmediate);
      return answer;
    },
  };
}

describe('a question that is answered with care', () => {
  let clock: Clock;
  beforeEach(() => {
    clock = FakeTimers.install({ toFake: ['performance'] });
  });
  afterEach(() => clock.uninstall());

  it('agrees to nothing that was typed ahead, and to a person who has seen it', async () => {
    const { picker, show, enter } = scene();
    show();
    assert.deepEqual(picker.activeItems, [deny]);
    clock.tick(699);
    assert.equal(await enter(allow), undefined);
    assert.deepEqual(picker.activeItems, [deny]);
    clock.tick(1);
    assert.equal(await enter(allow), allow);
  });

  it('is not answered by a row that only explains', async () => {
    const { picker, show, enter } = scene();
    show();
    clock.tick(700);
    assert.equal(await enter(explanation), undefined);
    assert.deepEqual(picker.activeItems, [deny]);
  });

  it('can be refused at once', async () => {
    const { show, enter } = scene();
    show();
    assert.equal(await enter(deny), deny);
  });

  it('begins anew at each key', async () => {
    const { picker, show, type, enter } = scene();
    show();
    clock.tick(5_000);
    picker.activeItems = [allow];
    type('a');
    assert.deepEqual([picker.value, picker.activeItems], ['', [deny]]);
    assert.equal(await enter(allow), undefined);
  });

  it('begins anew when it comes back', async () => {
    const { picker, show, enter } = scene();
    show();
    clock.tick(5_000);
    picker.activeItems = [allow];
    show();
    assert.deepEqual(picker.activeItems, [deny]);
    assert.equal(await enter(allow), undefined);
    clock.tick(700);
    assert.equal(await enter(allow), allow);
  });
});
