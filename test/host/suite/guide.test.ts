// What INTEGRATION.md shows as a test, run as authors run it.
import '../../guide/whole/src/airisk.test.ts';
import { restoreSettings } from '../settings.ts';

describe('the test of the guide', () => {
  it('leaves an emulator of its own in the settings', restoreSettings);
});
