import { provision } from './provision.js';
import { provisionOptions } from './settings.js';

try {
  await provision(provisionOptions(process.env));
  console.log('streams, schemas and roles are as they should be');
} catch (error) {
  console.error(`provision: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
