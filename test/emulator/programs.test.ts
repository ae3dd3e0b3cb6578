import assert from 'node:assert/strict';
import { curl, python } from './programs.ts';

describe('the programs that tests run', () => {
  const { PATH } = process.env;
  beforeEach(() => void (process.env['PATH'] = '/nowhere'));
  afterEach(() => void (process.env['PATH'] = PATH));

  it('are named, with their package, when they are missing', async () => {
    await assert.rejects(curl('http://127.0.0.1'), /curl is not installed: run "apt-get install curl"/);
    await assert.rejects(python(''), /python3? is not installed: run "apt-get install python3"/);
  });
});
