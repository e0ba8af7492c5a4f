package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

const mostInAFile, mostBytes = 64 << 20, 4 << 30

// source is a trail's or pack's files by their paths.
type source interface {
	read(path string) ([]byte, bool)
	names() []string
}

type memory map[string][]byte

func (m memory) read(path string) ([]byte, bool) { found, there := m[path]; return found, there }
func (m memory) names() (found []string) {
	for name := range m {
		found = append(found, name)
	}
	sort.Strings(found)
	return found
}

type directory string

func (d directory) read(path string) ([]byte, bool) {
	found, err := os.ReadFile(filepath.Join(string(d), path))
	return found, err == nil
}

func (d directory) names() (found []string) {
	_ = filepath.Walk(string(d), func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			name, _ := filepath.Rel(string(d), path)
			found = append(found, filepath.ToSlash(name))
		}
		return err
	})
	return found
}

// unzipped looks the directory over, names, kinds and sizes, before anything is unpacked.
func unzipped(given []byte) memory {
	archive, err := zip.NewReader(bytes.NewReader(given), int64(len(given)))
	need(err)
	var total uint64
	found := memory{}
	for _, file := range archive.File {
		if strings.HasSuffix(file.Name, "/") {
			continue
		}
		if total += file.UncompressedSize64; total > mostBytes || file.UncompressedSize64 > mostInAFile || file.Flags&1 != 0 {
			fail("%q is larger than what is taken, or encrypted", file.Name)
		}
		if !safe(file.Name) || file.Mode()&os.ModeSymlink != 0 {
			fail("%q leads out of it", file.Name)
		}
		if _, twice := found[file.Name]; twice {
			fail("%q is in it twice", file.Name)
		}
		reader, err := file.Open()
		need(err)
		content, err := io.ReadAll(io.LimitReader(reader, mostInAFile+1))
		need(err)
		found[file.Name] = content
	}
	return found
}

func safe(name string) bool {
	if name == "" || len([]rune(name)) > 400 || strings.ContainsAny(name, "\\:\x7f") {
		return false
	}
	for _, part := range strings.Split(name, "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return strings.IndexFunc(name, func(c rune) bool { return c <= ' ' }) < 0
}

func needed(files source, path string) []byte {
	found, there := files.read(path)
	if !there {
		fail("%s is not there", path)
	}
	return found
}

func under(files source, prefix string) (found []string) {
	for _, name := range files.names() {
		if strings.HasPrefix(name, prefix) {
			found = append(found, name)
		}
	}
	return found
}
