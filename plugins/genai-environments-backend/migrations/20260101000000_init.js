// @ts-check

/**
 * Times are epoch milliseconds, so that comparisons read the same in SQLite and
 * PostgreSQL. JSON is text: it is only ever read as a whole. No column holds a secret.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('environments', table => {
    table.string('uid', 36).primary();
    table.string('name', 32).notNullable();
    table
      .string('active_name', 32)
      .unique()
      .comment('The name while it is taken; null once deleted');
    table.string('owner', 200).notNullable();
    table.string('tier', 20).notNullable();
    table.string('created_by', 255).notNullable();
    table.string('request_id', 100);
    table
      .string('request_hash', 64)
      .notNullable()
      .comment('Tells a repeat of the creating request from another request');
    table.text('spec').notNullable();
    table.integer('generation').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
    table.bigInteger('expires_at');
    table.bigInteger('expiry_warning_at').comment('Null once warned');
    table.bigInteger('deletion_requested_at');
    table.string('deletion_requested_by', 255);
    table.bigInteger('deleted_at');

    table.text('status').notNullable();
    table.string('phase', 20).notNullable();
    table.integer('observed_generation').notNullable();
    table.integer('last_sequence').notNullable();

    table.bigInteger('next_reconcile_at').comment('Null: never again');
    table
      .integer('wake_count')
      .notNullable()
      .comment('Bumped by each wish, so that none is lost during a step');
    table.integer('failures').notNullable().comment('In a row');
    table.string('lease_owner', 100);
    table.integer('lease_epoch').notNullable().comment('Fencing token');
    table.bigInteger('lease_expires_at');

    table.index(['next_reconcile_at'], 'environments_due_idx');
    table.index(['owner', 'active_name'], 'environments_owner_idx');
    table.index(['phase', 'active_name'], 'environments_phase_idx');
    table.index(['name', 'created_at'], 'environments_name_idx');
    table.index(['expires_at'], 'environments_expires_idx');
    table.index(['expiry_warning_at'], 'environments_expiry_warning_idx');
    table.index(['deleted_at'], 'environments_deleted_idx');
  });

  await knex.schema.createTable('environment_events', table => {
    table
      .string('environment_uid', 36)
      .notNullable()
      .references('environments.uid')
      .onDelete('CASCADE');
    table.integer('sequence').notNullable();
    table.bigInteger('at').notNullable();
    table.string('type', 10).notNullable();
    table.string('reason', 100).notNullable();
    table.text('message').notNullable();
    table.string('phase', 20).notNullable();
    table.string('actor', 255);
    table.primary(['environment_uid', 'sequence']);
  });

  await knex.schema.createTable('applications', table => {
    table.string('id', 36).primary();
    table
      .string('environment_uid', 36)
      .notNullable()
      .references('environments.uid')
      .onDelete('CASCADE');
    table.string('name', 40).notNullable();
    table
      .string('active_name', 40)
      .comment('The name while it is taken; null once deletion was requested');
    table.string('client_id', 100).notNullable().unique();
    table.string('description', 200);
    table.string('kind', 20).notNullable();
    table.text('scopes').notNullable();
    table.boolean('enabled').notNullable();
    table.integer('revision').notNullable();
    table.integer('observed_revision').notNullable();
    table.integer('secret_version').notNullable();
    table
      .integer('secret_revision')
      .notNullable()
      .comment('Revision that asked for the current secret');
    table.integer('revealed_version').notNullable().comment('0: none');
    table.bigInteger('revealed_at');
    table.string('revealed_by', 255);
    table.bigInteger('rotated_at');
    table.bigInteger('created_at').notNullable();
    table.string('created_by', 255).notNullable();
    table.bigInteger('deletion_requested_at');
    table.unique(['environment_uid', 'active_name'], {
      indexName: 'applications_active_name_unique',
    });
  });

  // Creating takes this row's lock, which makes names and quotas hold under concurrency.
  await knex.schema.createTable('admission_lock', table => {
    table.integer('id').primary();
    table.bigInteger('admissions').notNullable();
  });
  await knex('admission_lock').insert({ id: 1, admissions: 0 });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('admission_lock');
  await knex.schema.dropTable('applications');
  await knex.schema.dropTable('environment_events');
  await knex.schema.dropTable('environments');
};
