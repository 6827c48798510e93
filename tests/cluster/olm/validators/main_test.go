package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	bundleFolder = "../../../../olm-bundle/bundle"
	csvFile      = "manifests/gamemesh-operator.clusterserviceversion.yaml"
)

func TestTakesTheBundle(t *testing.T) {
	var said strings.Builder

	refused, err := validate(bundleFolder, &said)

	if err != nil || refused != 0 {
		t.Errorf("refused %d, error %v: %s", refused, err, said.String())
	}
}

// Each damage is one that a mistake in the generator or in the manifests could do.
func TestRefusesABundleThatIsWrong(t *testing.T) {
	for name, damage := range map[string]struct{ before, after, says string }{
		"a version that is none":          {"\n  version: 0.1.0\n", "\n  version: latest\n", "latest"},
		"a name without the version":      {"name: gamemesh-operator.v0.1.0", "name: gamemesh-operator", "gamemesh-operator"},
		"a kind without a definition":     {"kind: Region\n      displayName", "kind: World\n      displayName", "World"},
		"an example of an unknown kind":   {"\"kind\" : \"Region\"", "\"kind\" : \"World\"", "World"},
		"a capability level that is none": {"capabilities: Basic Install", "capabilities: Everything", "Everything"},
		"no minimum version":              {"\n  minKubeVersion:", "\n  x-minKubeVersion:", "minKubeVersion"},
		"no icon":                         {"\n  icon:\n", "\n  x-icon:\n", "Icon"},
		"no install mode":                 {"supported: true", "supported: false", "InstallMode"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			if err := os.CopyFS(folder, os.DirFS(bundleFolder)); err != nil {
				t.Fatal(err)
			}
			replace(t, filepath.Join(folder, csvFile), damage.before, damage.after)
			var said strings.Builder

			refused, err := validate(folder, &said)

			if err != nil {
				said.WriteString(err.Error())
			} else if refused == 0 {
				t.Errorf("took it: %s", said.String())
			}
			if !strings.Contains(said.String(), damage.says) {
				t.Errorf("expected '%s' in what it said: %s", damage.says, said.String())
			}
		})
	}
}

func TestRefusesAFolderThatIsNoBundle(t *testing.T) {
	_, err := validate(t.TempDir(), &strings.Builder{})

	if err == nil {
		t.Error("took an empty folder")
	}
}

func replace(t *testing.T, file, before, after string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(content), before) {
		t.Fatalf("there is no '%s' in %s to damage", before, file)
	}
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(content), before, after)), 0o600); err != nil {
		t.Fatal(err)
	}
}
