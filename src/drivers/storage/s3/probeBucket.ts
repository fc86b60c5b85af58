import { randomUUID } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { S3Target } from '../../../readStorageUrl.ts';
import { fail } from '../../../errors.ts';
import { explainRefusal } from './explainS3Failure.ts';

/** Does once what will be done all the time, so that a right that is missing shows at the start. @throws STORAGE_REFUSED */
export async function probeBucket(client: S3Client, { bucket, prefix }: S3Target): Promise<void> {
  const folder = { Bucket: bucket, Prefix: `${prefix}probes/` };
  const object = { Bucket: bucket, Key: `${folder.Prefix}${randomUUID()}` };
  const steps: [string, () => Promise<unknown>][] = [
    ['list', () => client.send(new ListObjectsV2Command(folder))],
    ['write', () => client.send(new PutObjectCommand({ ...object, Body: 'probe' }))],
    ['read', async () => (await client.send(new GetObjectCommand(object))).Body?.transformToByteArray()],
    ['delete', () => client.send(new DeleteObjectCommand(object))],
  ];
  for (const [verb, step] of steps) {
    try {
      await step();
    } catch (error) {
      fail('STORAGE_REFUSED', { bucket, reason: `to ${verb} objects failed, ${explainRefusal(error)}` });
    }
  }
}
