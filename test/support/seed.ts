import fc from 'fast-check'

// The same inputs each time, so that a change is judged by itself. `npm run test:slow -- --project random` tries others;
// what fails there tells its seed, and fails here with FUZZ_SEED set to it.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['FUZZ_SEED'] ?? 1) })
