// In the bundle: what brings all printers to late.ts (browserbundle.js writes it from the table of printers). Elsewhere they are files, and
// loaded by their names.

export {};
