import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { Settings } from '../../../src/vscode/settings.ts';

const Property = z.object({
  default: z.unknown(),
  enum: z.optional(z.array(z.string())),
  minimum: z.optional(z.number()),
  maximum: z.optional(z.number()),
});
const Manifest = z.object({
  contributes: z.object({ configuration: z.object({ properties: z.record(z.string(), Property) }) }),
});

describe('the settings of the manifest', () => {
  const { packageJSON } = vscode.extensions.getExtension('airisk.airisk-authentication') ?? {};
  const { properties } = Manifest.parse(packageJSON).contributes.configuration;
  const read = (name: string, value: unknown): unknown =>
    new Map(Object.entries(Settings.parse({ [name]: value }))).get(name);

  it('are those that are read', () => {
    const names = Object.keys(Settings.shape).map((name) => `airisk.${name}`);
    assert.deepEqual(Object.keys(properties).toSorted(), names.toSorted());
  });

  for (const [id, { default: fallback, enum: values, minimum, maximum }] of Object.entries(properties)) {
    const name = id.replace('airisk.', '');

    it(`have the same default and the same limits as what reads them: ${name}`, () => {
      for (const wrong of [undefined, null, {}, true]) assert.deepEqual(read(name, wrong), fallback);
      for (const value of values ?? []) assert.equal(read(name, value), value);
      if (values) assert.equal(read(name, 'something else'), fallback);
      if (minimum === undefined || maximum === undefined) return;
      assert.deepEqual([read(name, minimum), read(name, maximum)], [minimum, maximum]);
      assert.deepEqual([read(name, minimum - 0.01), read(name, maximum + 1)], [fallback, fallback]);
    });
  }
});
