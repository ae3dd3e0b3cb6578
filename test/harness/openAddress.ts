import { spawn } from 'node:child_process';
import { uriOpener } from './desktopSystem.ts';

/** Opens an address in the user's browser where there is a display; does nothing where there is none. */
export function openAddress(address: string): void {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return;
  const [program, ...args] = uriOpener(process.platform);
  const child = spawn(program, [...args, address], { stdio: 'ignore', detached: true });
  // The address is printed as well: a machine without an opener loses nothing.
  child.once('error', () => undefined);
  child.unref();
}
