// What a capture holds is given back, whatever fails on the way.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Resources } from '../../../src/tap/linux/resources.js';

test('what was taken hold of is given back in the opposite order, once, whatever fails', async () => {
  const given: string[] = [];
  const resources = new Resources();
  resources.add(() => given.push('first'));
  resources.use({
    close: () => {
      given.push('second');
      throw new Error('second');
    },
  });
  resources.add(() => {
    given.push('third');
    throw new Error('third');
  });
  let done = (): void => {};
  resources.await(
    new Promise<void>((resolve) => {
      done = resolve;
    }).then(() => {
      given.push('settled');
      throw new Error('refused');
    }),
  );
  done();
  await resources.settle();
  assert.throws(() => resources.close(), /^Error: third$/);
  assert.deepEqual(given, ['settled', 'third', 'second', 'first']);
  resources.close();
  assert.equal(given.length, 4);
});
