import { z } from 'zod';
import { fail } from '../../errors.ts';
import type { MediaFacts, MediaStream } from '../../views/media.ts';
import { findMissingEnd } from './findMissingEnd.ts';
import { ProgramFailure, runProgram } from '../process/runProgram.ts';

export interface Probe {
  /** Local path of a file that nobody else writes. */
  path: string;
  /** As it was announced, for messages. */
  contentType: string;
  /** The one demuxer of ffmpeg that may read it. */
  demuxer: string;
  /** Seconds in which it must be read. */
  seconds: number;
  signal: AbortSignal;
}

export interface ProbeResult {
  durationSeconds: number | null;
  facts: MediaFacts;
}

const limits = { memoryBytes: 2 * 2 ** 30, maxOutputBytes: 2 ** 20 };
const mostStreams = 100;

const number = z.coerce.number().nonnegative();
const answer = z.object({
  format: z
    .object({
      duration: number.optional().catch(undefined),
      bit_rate: number.optional().catch(undefined),
    })
    .optional(),
  streams: z
    .array(
      z.object({
        codec_type: z.string().optional(),
        codec_name: z.string().optional(),
        width: number.optional().catch(undefined),
        height: number.optional().catch(undefined),
        avg_frame_rate: z.string().optional(),
        channels: number.optional().catch(undefined),
        sample_rate: number.optional().catch(undefined),
        nb_read_packets: number.optional().catch(undefined),
        disposition: z.object({ attached_pic: z.number().optional() }).optional(),
        tags: z.record(z.string(), z.string()).optional().catch(undefined),
      }),
    )
    .default([]),
});
type Answer = z.infer<typeof answer>;

/** Everything that would let a file make ffprobe open another one, or the network, is shut. */
const argumentsFor = ({ path, demuxer }: Probe) => [
  '-v',
  'error',
  '-hide_banner',
  '-protocol_whitelist',
  'file',
  '-format_whitelist',
  demuxer,
  '-f',
  demuxer,
  // Reads all of it, so that one that ends too early is found out.
  '-count_packets',
  '-show_entries',
  'format=duration,bit_rate:stream=codec_type,codec_name,width,height,avg_frame_rate,channels,sample_rate,nb_read_packets:stream_disposition=attached_pic:stream_tags=language',
  '-of',
  'json',
  '-i',
  `file:${path}`,
];

/** What demuxers say of a file that does not go to its end. */
const isTruncated = (said: string) =>
  /partial file|ended prematurely|moov atom not found|truncat|Packet corrupt|overread|End of file/i.test(
    said,
  );

/** The last line of what ffprobe says, without addresses in memory and paths. */
function explain(said: string, path: string): string {
  const line = said.trim().split('\n').at(-1) ?? '';
  const plain = line.replaceAll(`file:${path}`, 'the file').replaceAll(/\[[^\]]* @ 0x[0-9a-f]+\] /g, '');
  return (
    plain
      .replaceAll(/[^\x20-\x7e]/g, '')
      .replace(/[.\s]+$/, '')
      .slice(0, 200) || 'it has no media in it'
  );
}

function toRate(text: string | undefined): number | null {
  const [pictures = 0, seconds = 0] = (text ?? '').split('/').map(Number);
  return pictures > 0 && seconds > 0 ? Math.round((pictures / seconds) * 1000) / 1000 : null;
}

const kinds = { video: 'video', audio: 'audio', subtitle: 'subtitle' } as const;

function toStream(stream: Answer['streams'][number]): MediaStream {
  const kind = kinds[stream.codec_type as keyof typeof kinds] ?? 'data';
  const language = stream.tags?.['language'] ?? null;
  return {
    kind: kind === 'video' && stream.disposition?.attached_pic ? 'image' : kind,
    codec: stream.codec_name ?? null,
    language:
      language && /^[A-Za-z]{2,3}(?:-[\w-]{1,30})?$/.test(language) && language !== 'und' ? language : null,
    width: stream.width ?? null,
    height: stream.height ?? null,
    frameRate: kind === 'video' ? toRate(stream.avg_frame_rate) : null,
    channels: stream.channels ?? null,
    sampleRate: stream.sample_rate ?? null,
  };
}

async function run(probe: Probe): Promise<{ stdout: string; stderr: string; code: number }> {
  try {
    return await runProgram({
      command: 'ffprobe',
      args: argumentsFor(probe),
      signal: probe.signal,
      timeoutMs: probe.seconds * 1000,
      ...limits,
    });
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    if (error.why === 'missing') return fail('MEDIA_PROBER_MISSING');
    return fail('MEDIA_PROBE_LIMIT', { resource: error.why === 'slow' ? 'time' : 'room' }, { cause: error });
  }
}

/**
 * Looks at a file with ffprobe, in a process of its own without access to anything but that file by name, with its
 * time, memory and output bounded.
 * @throws MEDIA_PROBER_MISSING, MEDIA_PROBE_LIMIT, MEDIA_TRUNCATED, MEDIA_UNREADABLE
 */
export async function probeFile(probe: Probe): Promise<ProbeResult> {
  const missing = await findMissingEnd(probe);
  if (missing !== null) fail('MEDIA_TRUNCATED', { reason: missing });
  const { stdout, stderr, code } = await run(probe);
  const reason = explain(stderr, probe.path);
  if (code > 128 || /Cannot allocate memory/.test(stderr)) fail('MEDIA_PROBE_LIMIT', { resource: 'memory' });
  if (isTruncated(stderr)) fail('MEDIA_TRUNCATED', { reason });
  if (code !== 0) fail('MEDIA_UNREADABLE', { type: probe.contentType, reason });
  const { format, streams } = answer.parse(JSON.parse(stdout));
  if (streams.length > mostStreams) fail('MEDIA_PROBE_LIMIT', { resource: 'streams' });
  if (!streams.some(({ nb_read_packets: packets = 0 }) => packets > 0))
    fail('MEDIA_UNREADABLE', { type: probe.contentType, reason: 'it has no media in it' });
  const duration = format?.duration ?? null;
  return {
    durationSeconds: duration === null ? null : Math.round(duration * 1000) / 1000,
    facts: {
      format: probe.demuxer,
      bitRate: format?.bit_rate ?? null,
      streams: streams.map(toStream),
      cues: null,
    },
  };
}
