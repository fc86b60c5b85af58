import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import pLimit from 'p-limit';

/** Sizes in bytes: what S3 copies in one call at most, and the parts in which it copies more. */
export interface CopySizes {
  whole: number;
  part: number;
}

interface Move {
  bucket: string;
  /** Keys with their prefix. */
  from: string;
  to: string;
}

const partsAtOnce = 8;

async function copyInParts(
  client: S3Client,
  { bucket, from, to }: Move,
  { size, part, type }: { size: number; part: number; type: string | undefined },
): Promise<void> {
  const target = { Bucket: bucket, Key: to };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...target, ContentType: type }));
  const upload = { ...target, UploadId };
  const limit = pLimit(partsAtOnce);
  const copyPart = async (index: number) => {
    const last = Math.min((index + 1) * part, size) - 1;
    const PartNumber = index + 1;
    const { CopyPartResult } = await client.send(
      new UploadPartCopyCommand({
        ...upload,
        PartNumber,
        CopySource: `${bucket}/${from}`,
        CopySourceRange: `bytes=${index * part}-${last}`,
      }),
    );
    return { PartNumber, ETag: CopyPartResult?.ETag };
  };
  try {
    const indexes = Array.from({ length: Math.ceil(size / part) }, (_, index) => index);
    const Parts = await Promise.all(indexes.map((index) => limit(copyPart, index)));
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  } catch (error) {
    limit.clearQueue();
    // If this fails too, a lifecycle rule of the bucket has to remove the parts.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => {});
    throw error;
  }
}

/** Copies the object, within the store, and deletes it where it was. Raises S3's own errors. */
export async function moveS3Object(client: S3Client, move: Move, sizes: CopySizes): Promise<void> {
  const { bucket, from, to } = move;
  const source = { Bucket: bucket, Key: from };
  const { ContentLength: size = 0, ContentType: type } = await client.send(new HeadObjectCommand(source));
  if (from === to) return;
  if (size > sizes.whole) await copyInParts(client, move, { size, part: sizes.part, type });
  else await client.send(new CopyObjectCommand({ Bucket: bucket, Key: to, CopySource: `${bucket}/${from}` }));
  await client.send(new DeleteObjectCommand(source));
}
