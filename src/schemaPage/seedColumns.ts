/**
 * The tables and columns of the five designs that Tessera's one schema was made of, by their own names. A
 * table of which a design names no columns has none here.
 */
export const seedColumns: Record<string, Record<string, string>> = {
  'docs translation': {
    roles: 'id name permissions',
    users: 'id email password_hash role_id created_at',
    projects:
      'id name repo_url fork_url fork_repo_url source_language git_provider last_synced_at created_at updated_at',
    project_targets: 'id project_id language_code publish_domain branch_name status created_at',
    source_files: 'id project_id file_path content_hash last_seen_at',
    file_translations:
      'id source_file_id project_target_id status last_translated_hash error_message updated_at',
  },
  'media translation': {
    users: 'id email password_hash is_verified credits role created_at updated_at',
    sessions: 'id user_id user_agent ip_address created_at last_seen',
    projects: 'id user_id name description created_at',
    media_files:
      'id project_id user_id s3_key media_type duration_seconds size_bytes mimetype derived_from metadata created_at',
    jobs: 'id user_id project_id job_type status progress input_media_id output_media_id metadata cost_credits created_at started_at finished_at',
    job_segments: 'id job_id segment_index start_ms end_ms status result created_at finished_at',
    transactions:
      'id user_id provider provider_payment_id amount_cents credits_bought status webhook_payload created_at updated_at',
    credits_history: 'id user_id delta reason job_id created_at',
  },
  'code collaboration': {
    users: 'id email password_hash created_at updated_at',
    projects: 'id owner_id name description repo_url created_at updated_at',
    project_manifests: 'id project_id version created_at data hash',
    repo_syncs: 'id project_id status error_message started_at finished_at',
    ai_jobs: 'id project_id user_id status type params result created_at updated_at',
    refactor_jobs: 'id project_id user_id status params proposal applied_changes created_at updated_at',
    preview_sessions:
      'id project_id preview_token status bundle_path bundle_url expires_at created_at updated_at',
    preview_cleanup_events: 'id preview_session_id stage created_at',
    comment_threads: 'id project_id file_path line_start line_end created_at updated_at',
    comments: 'id thread_id author_id author_type body created_at',
    notifications: 'id user_id type payload read_at created_at',
  },
  'delivery tracking': {
    users: 'id email name password_hash role created_at updated_at',
    api_keys: 'id user_id key_hash name expires_at created_at updated_at',
    milestones: 'id title description start_date end_date status progress created_by created_at updated_at',
    tasks:
      'id milestone_id title description status priority assignee_id due_date created_by created_at updated_at',
    task_dependencies: 'id task_id depends_on created_at',
    services: 'id name url health_check status last_check created_at updated_at',
    service_configs: 'id service_id key value created_at updated_at',
    notifications: 'id user_id type title message read created_at',
    webhooks: 'id url events active created_by created_at updated_at',
    audit_logs: 'id user_id action entity_type entity_id changes created_at',
  },
  'semantic patterns': {
    actors:
      'id name username email password_hash role actor_type orcid institution_id metadata created_at updated_at deleted_at',
    projects:
      'id name identifier description homepage repository_url owner_id visibility default_branch metadata created_at updated_at deleted_at',
    fields:
      'id name identifier description uri rdf_type ontology_path category_id author_id project_id metadata original_data created_at updated_at deleted_at',
    models:
      'id name identifier description uri rdf_type author_id project_id metadata original_data created_at updated_at deleted_at',
    collections:
      'id name identifier description uri rdf_type author_id project_id metadata original_data created_at updated_at deleted_at',
    project_fields: 'project_id field_id added_at added_by',
    model_fields: 'model_id field_id cardinality required order_index',
    collection_fields: 'collection_id field_id order_index',
    branches:
      'id project_id name description base_branch created_by metadata created_at updated_at deleted_at',
    commits: 'id branch_id author_id message parent_id tree_hash metadata created_at',
    changes: 'id commit_id entity_type entity_id change_type old_value new_value metadata',
    issues:
      'id project_id number title body state author_id assignee_id labels metadata created_at updated_at closed_at',
    stars: 'user_id project_id created_at',
    watches: 'user_id project_id created_at',
    casbin_rules: 'id ptype v0 v1 v2 v3 v4 v5',
    categories: '',
    collection_history: '',
    field_history: '',
    field_semantics: '',
    institutions: '',
    model_history: '',
    ontologies: '',
    ontology_classes: '',
    project_collections: '',
    project_members: '',
    project_models: '',
    project_ontologies: '',
    releases: '',
    vocabularies: '',
    vocabulary_terms: '',
  },
};
