import { outputPath } from './paths.ts';
import { packageExtension } from './vsix.ts';

/** The packaged extension: the file that AIRISK_VSIX names, else one made now. */
export async function mainVsix(): Promise<string> {
  const given = process.env['AIRISK_VSIX'];
  if (given !== undefined && given !== '') return given;
  return packageExtension(await outputPath('airisk-authentication.vsix'));
}

/** The settings that point the extension at a deployment and one of its clients, the first one unless another is named. */
export function deploymentSettings(baseUrl: string, clientId = 'abc123'): Readonly<Record<string, string>> {
  return { 'airisk.baseUrl': baseUrl, 'airisk.clientId': clientId };
}
