import { Migration } from '@mikro-orm/migrations';

/** Where names stand whose words a misspelt search is corrected by. */
const named: Record<string, 'name' | 'title'> = {
  projects: 'name',
  fields: 'name',
  models: 'name',
  collections: 'name',
  categories: 'name',
  ontologies: 'name',
  ontology_classes: 'name',
  vocabularies: 'name',
  vocabulary_terms: 'name',
  issues: 'title',
  tasks: 'title',
  milestones: 'title',
};

/**
 * Every word there is in a name, once. By it a misspelt word is corrected in a few milliseconds: to compare it
 * with the names themselves takes 100 and more at 200,000 of them. Who may see which row is asked afterwards, so
 * the words are nobody's. Without a unique constraint: a transaction would wait for another's that has just
 * brought the same word, so one that two bring at once stands twice.
 */
export class Migration20261121005100 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create table "search_words" ("word" varchar(40) not null)`);
    this.addSql(`create index "search_words_word_index" on "search_words" ("word")`);
    this.addSql(
      `create index "search_words_trigram_index" on "search_words" using gin ("word" gin_trgm_ops)`,
    );
    // Numbers have no spelling, and shorter words are as good as any other of their length.
    this.addSql(`create function search_words_of(text) returns setof text language sql immutable as $$
      select word from unnest(tsvector_to_array(to_tsvector('simple'::regconfig, $1))) as w (word)
      where length(word) between 4 and 40 and word !~ '[0-9]'
    $$`);
    this.addSql(`create function collect_search_words() returns trigger language plpgsql as $$
    begin
      if tg_level = 'ROW' then
        insert into search_words (word)
        select word from search_words_of(to_jsonb(new) ->> tg_argv[0]) as w (word)
        where not exists (select from search_words s where s.word = w.word);
        return null;
      end if;
      execute format('insert into search_words (word)
        select distinct w.word from new_rows n cross join lateral search_words_of(n.%I) as w (word)
        where not exists (select from search_words s where s.word = w.word)', tg_argv[0]);
      return null;
    end $$`);
    for (const [table, column] of Object.entries(named)) {
      this.addSql(
        `create trigger "${table}_words" after insert on "${table}" referencing new table as new_rows for each statement execute function collect_search_words('${column}')`,
      );
      this.addSql(
        `create trigger "${table}_new_words" after update of "${column}" on "${table}" for each row when (old.${column} is distinct from new.${column}) execute function collect_search_words('${column}')`,
      );
      this.addSql(`insert into search_words (word)
        select distinct w.word from "${table}" t cross join lateral search_words_of(t.${column}) as w (word)
        where not exists (select from search_words s where s.word = w.word)`);
    }
    // What they were for: comparing the names themselves.
    for (const table of ['fields', 'models', 'collections'])
      this.addSql(`drop index "${table}_trigram_index"`);
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    for (const table of ['fields', 'models', 'collections'])
      this.addSql(
        `create index "${table}_trigram_index" on "${table}" using gin ("name" gin_trgm_ops, "identifier" gin_trgm_ops)`,
      );
    for (const table of Object.keys(named)) {
      this.addSql(`drop trigger "${table}_new_words" on "${table}"`);
      this.addSql(`drop trigger "${table}_words" on "${table}"`);
    }
    this.addSql(`drop function collect_search_words()`);
    this.addSql(`drop function search_words_of(text)`);
    this.addSql(`drop table "search_words"`);
  }
}
