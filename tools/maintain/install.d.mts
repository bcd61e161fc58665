export function maintainersPackages(): { require: NodeJS.Require; modules: string };
