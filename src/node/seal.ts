import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** SHA-256 of a text. */
export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The same in hex. */
export function hexDigest(text: string): string {
  return sha256(text).toString('hex');
}

/** SHA-256 of a text for one purpose: what serves as a name says nothing about what serves as a key. */
export function digest(purpose: string, text: string): Buffer {
  return sha256(`${purpose}\n${text}`);
}

/** Encrypts a text with a key made from `secret` (AES-256-GCM), which must be random: 256 bits are. */
export function seal(secret: string, text: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', digest('key', secret), iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
}

/**
 * Decrypts what {@link seal} made.
 * @throws Error when it was made with a different secret or is damaged
 */
export function unseal(secret: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', digest('key', secret), bytes.subarray(0, 12), {
    authTagLength: 16,
  });
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
}
