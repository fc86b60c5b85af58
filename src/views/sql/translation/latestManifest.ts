/** The id of the latest manifest of project `$1`: the files in it are those that there are to translate. */
export const latestManifest =
  '(select m.id from project_manifests m where m.project_id = $1 order by m.version desc limit 1)';
