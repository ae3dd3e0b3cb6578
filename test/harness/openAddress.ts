import { spawn } from 'node:child_process';

/** Opens an address in the user's browser where there is a display; does nothing where there is none. */
export function openAddress(address: string): void {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return;
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(opener, [address], { stdio: 'ignore', detached: true });
  // The address is printed as well: a machine without an opener loses nothing.
  child.once('error', () => undefined);
  child.unref();
}
