// First run, sign-in, people, devices and import.
export const admin = {
  nav: { people: '人员', devices: '设备', importing: '导入' },
}
