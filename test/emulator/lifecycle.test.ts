import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { startEmulator } from './emulator.ts';
import { authorize } from './support.ts';

describe('an emulator', () => {
  it('starts on a free port of 127.0.0.1', async () => {
    const [one, two] = await Promise.all([startEmulator(), startEmulator()]);
    assert.match(one.origin, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.notEqual(one.origin, two.origin);
    await Promise.all([one.close(), two.close()]);
  });

  it('can listen on IPv6', async () => {
    const emulator = await startEmulator({ host: '::1' });
    assert.match(emulator.origin, /^http:\/\/\[::1\]:\d+$/);
    assert.equal((await authorize(emulator.origin)).status, 302);
    await emulator.close();
  });

  it('closes though a client keeps its connection, and though an answer is delayed', async () => {
    const emulator = await startEmulator();
    const socket = connect(Number(new URL(emulator.origin).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write('GET /nothing HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n');
    await once(socket, 'data');
    await emulator.client.inject({ endpoint: 'authorize', kind: 'delay', delayMs: 60_000 });
    const waiting = assert.rejects(authorize(emulator.origin));
    while ((await emulator.client.requests()).length < 2) continue;
    // The delay is longer than the test may take.
    await emulator.close();
    await waiting;
    await emulator.close();
  });

  it('says when its port is taken', async () => {
    const emulator = await startEmulator();
    const port = Number(new URL(emulator.origin).port);
    await assert.rejects(startEmulator({ port }), /EADDRINUSE/);
    await emulator.close();
  });

  it('leaves the globals of the process alone', async () => {
    const seen = [globalThis.Request, globalThis.Response];
    await (await startEmulator()).close();
    assert.deepEqual([globalThis.Request, globalThis.Response], seen);
  });
});
