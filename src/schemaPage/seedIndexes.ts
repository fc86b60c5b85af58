/** An index or unique constraint that a design names, and what does its work now. */
export interface SeedIndex {
  /** `table(columns)`, as the design has it; `unique` before it where it is one. */
  named: string;
  /** Names of indexes. */
  now: readonly string[];
  /** Where it is not the same: why. */
  why?: string;
}

const perProject = 'nobody looks across projects: the project comes first';
const partial = 'unique among what is not deleted';
const longer = 'its first columns';
const search = 'GIN, which answers ten times faster than GiST';

export const seedIndexes: readonly SeedIndex[] = [
  { named: 'unique roles(name)', now: ['roles_name_unique'] },
  { named: 'unique users(email)', now: ['actors_email_unique'], why: partial },
  { named: 'unique project_targets(project_id, language_code)', now: ['project_targets_language_unique'] },
  { named: 'unique source_files(project_id, file_path)', now: ['source_files_path_unique'] },
  {
    named: 'unique file_translations(source_file_id, project_target_id)',
    now: ['file_translations_pair_unique'],
  },
  { named: 'jobs(user_id, status)', now: ['jobs_user_id_status_index'] },
  { named: 'media_files(user_id, project_id)', now: ['media_files_user_id_project_id_index'] },
  {
    named: 'transactions(user_id, provider_payment_id)',
    now: ['transactions_user_id_created_at_index', 'transactions_provider_payment_id_unique'],
    why: 'a payment is looked up by its provider, a person’s payments by time',
  },
  { named: 'ai_jobs(project_id)', now: ['ai_jobs_project_id_index'] },
  {
    named: 'ai_jobs(status)',
    now: ['jobs_waiting_index', 'jobs_running_index'],
    why: 'the status is in `jobs`; only what waits or runs is looked up by it',
  },
  { named: 'unique preview_sessions(preview_token)', now: ['preview_sessions_preview_token_unique'] },
  { named: 'repo_syncs(project_id)', now: ['repo_syncs_project_id_index'] },
  { named: 'notifications(user_id)', now: ['notifications_user_id_index'] },
  {
    named: 'notifications(read_at), notifications(read)',
    now: ['notifications_unread_index'],
    why: 'only the unread are looked up, those of one person',
  },
  {
    named: 'comment_threads(project_id)',
    now: ['comment_threads_project_id_created_at_index'],
    why: longer,
  },
  { named: 'api_keys(user_id)', now: ['api_keys_user_id_index'] },
  { named: 'milestones(status)', now: ['milestones_status_index'], why: perProject },
  { named: 'milestones(created_by)', now: ['milestones_created_by_index'] },
  { named: 'tasks(milestone_id)', now: ['tasks_milestone_id_index'] },
  { named: 'tasks(assignee_id)', now: ['tasks_assignee_id_index'] },
  { named: 'tasks(status)', now: ['tasks_status_index'], why: perProject },
  { named: 'task_dependencies(task_id)', now: ['task_dependencies_pair_unique'], why: longer },
  { named: 'task_dependencies(depends_on)', now: ['task_dependencies_depends_on_index'] },
  { named: 'services(name)', now: ['services_name_index'], why: perProject },
  { named: 'services(status)', now: ['services_status_index'], why: perProject },
  { named: 'service_configs(service_id)', now: ['service_configs_key_unique'], why: longer },
  { named: 'webhooks(active)', now: ['webhooks_active_index'], why: perProject },
  { named: 'audit_logs(user_id)', now: ['audit_logs_user_id_created_at_index'], why: longer },
  { named: 'audit_logs(entity_type, entity_id)', now: ['audit_logs_entity_index'] },
  { named: 'unique actors(username)', now: ['actors_username_unique'], why: partial },
  { named: 'unique actors(email)', now: ['actors_email_unique'], why: partial },
  { named: 'unique projects(identifier)', now: ['projects_identifier_unique'], why: partial },
  { named: 'projects(owner_id)', now: ['projects_owner_id_index'] },
  { named: 'fields(identifier)', now: ['fields_identifier_index'] },
  { named: 'fields(name, project_id)', now: ['fields_name_project_id_index'] },
  { named: 'models(identifier)', now: ['models_identifier_index'] },
  { named: 'collections(identifier)', now: ['collections_identifier_index'] },
  { named: 'full text of fields(name, description)', now: ['fields_search_index'], why: search },
  { named: 'full text of models(name, description)', now: ['models_search_index'], why: search },
  { named: 'full text of collections(name, description)', now: ['collections_search_index'], why: search },
  { named: 'full text of projects(name, description)', now: ['projects_search_index'], why: search },
];
