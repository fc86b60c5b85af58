import { Migration } from '@mikro-orm/migrations';

export class Migration20261120000900 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    // The shape that rate-limiter-flexible writes to, by position. Unlogged: a crash forgives everyone,
    // and an attempt costs no write-ahead log.
    this.addSql(`create unlogged table "rate_limits" (
      "key" varchar(255) primary key,
      "points" integer not null default 0,
      "expire" bigint null
    )`);
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "rate_limits"`);
  }
}
