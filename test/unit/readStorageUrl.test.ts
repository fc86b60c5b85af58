import { expect, test } from 'vitest';
import { readStorageUrl } from '../../src/readStorageUrl.ts';
import { readSettings } from '../../src/settings.ts';

const aws = { bucket: 'tiles', prefix: '', region: 'eu-central-1', endpoint: undefined, isPathStyle: false };

test.each([
  ['s3://tiles?region=eu-central-1', aws],
  ['s3://tiles/a/b/?region=eu-central-1', { ...aws, prefix: 'a/b/' }],
  [
    's3://tiles?endpoint=http://minio:9000/&pathStyle=1',
    { ...aws, region: 'us-east-1', endpoint: 'http://minio:9000', isPathStyle: true },
  ],
])('%s is read', (text, target) => {
  expect(readStorageUrl(text)).toEqual(target);
});

test.each([
  'https://tiles',
  's3://tiles',
  's3://?region=eu-central-1',
  's3://A_b?region=eu-central-1',
  's3://tiles/a b?region=eu-central-1',
  's3://tiles/../x y?region=eu-central-1',
  's3://u:hush@tiles?region=eu-central-1',
  's3://tiles?region=eu-central-1&regoin=x',
  's3://tiles?region=EU!',
  's3://tiles?region=eu-central-1&pathStyle=yes',
  's3://tiles?endpoint=ftp://a',
  's3://tiles?endpoint=http://u:hush@a',
  'tiles',
])('%s stops the start, and its password is not said', (text) => {
  expect(() => readSettings({ STORAGE_URL: text })).toThrow(/STORAGE_URL=…: (must|its|has|needs)/);
  expect(() => readSettings({ STORAGE_URL: text })).not.toThrow(/hush/);
});

test('an access key without its secret stops the start', () => {
  const alone = { S3_SECRET_ACCESS_KEY: 'hush' };
  expect(() => readSettings(alone)).toThrow(/go together/);
  expect(() => readSettings(alone)).not.toThrow(/hush/);
});
