/** The areas of the schema, each a diagram: names of the folders of `src/entities`, and what they hold in a word. */
export const areas: Record<string, string> = {
  identity: 'people, organizations, credentials',
  policies: 'permissions and the audit log',
  projects: 'projects and their members',
  repositories: 'what syncs bring',
  threads: 'discussions',
  notifications: 'what people are told',
  jobs: 'long-running work',
  translation: 'documentation in other languages',
  media: 'files and their jobs',
  credits: 'money and credits',
  collaboration: 'AI, refactoring and previews',
  tracking: 'milestones and tasks',
  registry: 'services and webhooks',
  social: 'issues, stars, watches',
  patterns: 'semantic patterns',
  versions: 'branches, commits, releases',
};
