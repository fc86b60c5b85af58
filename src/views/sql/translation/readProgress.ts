import type pg from 'pg';
import type { LanguageProgress, TranslationProgress } from '../../translation.ts';
import { latestManifest } from './latestManifest.ts';

/**
 * Files that no manifest has any more keep their translations, and are not counted. Those without a row are
 * pending: all files less those that have another status, so nothing is written when a target is made.
 */
const text = `
with files as materialized (
  select s.id from source_files s
  where s.project_id = $1 and s.manifest_id = ${latestManifest} and ($2 = '' or starts_with(s.file_path, $2))
), counted as (
  select t.project_target_id, t.status, count(*)::int as count
  from file_translations t join files f on f.id = t.source_file_id
  where t.project_target_id in (select id from project_targets where project_id = $1) and t.status <> 'PENDING'
  group by t.project_target_id, t.status
)
select (select count(*)::int from files) as files, coalesce((
  select jsonb_agg(jsonb_build_object(
      'targetId', p.id, 'languageCode', p.language_code, 'status', p.status, 'counts', coalesce(c.counts, '{}')
    ) order by p.language_code)
  from project_targets p
  left join (
    select project_target_id, jsonb_object_agg(status, count) as counts from counted group by project_target_id
  ) c on c.project_target_id = p.id
  where p.project_id = $1
), '[]') as languages`;

interface Row {
  files: number;
  languages: (Omit<LanguageProgress, 'counts'> & { counts: Partial<LanguageProgress['counts']> })[];
}

/** How far every language of a project is, of the files whose paths begin with `prefix`. */
export async function readProgress(
  reads: pg.Pool,
  of: { projectId: string; prefix: string },
): Promise<TranslationProgress> {
  const { rows } = await reads.query<Row>({
    name: 'read progress',
    text,
    values: [of.projectId, of.prefix],
  });
  const { files, languages } = rows[0] ?? { files: 0, languages: [] };
  return {
    files,
    languages: languages.map(({ targetId, languageCode, status, counts }) => {
      const { IN_PROGRESS = 0, DONE = 0, OUTDATED = 0, ERROR = 0 } = counts;
      const PENDING = files - IN_PROGRESS - DONE - OUTDATED - ERROR;
      return { targetId, languageCode, status, counts: { PENDING, IN_PROGRESS, DONE, OUTDATED, ERROR } };
    }),
  };
}
