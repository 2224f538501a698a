package lock

import "syscall"

// The numbers by which the kernel names network file systems (statfs(2)).
var network = map[uint32]string{
	0x6969:     "NFS",
	0x517b:     "SMB",
	0xff534d42: "SMB", // CIFS
	0xfe534d42: "SMB", // version 2 and later
	0x65735546: "FUSE",
	0x01021997: "9P",
	0x00c36400: "Ceph",
	0x5346414f: "AFS",
}

// Doubt names the kind of file system of a path if its locks may not hold between
// the machines that share it; "" where there is nothing to doubt.
func Doubt(path string) string {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		return ""
	}
	return network[uint32(s.Type)]
}
