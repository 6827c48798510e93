// Command validators runs all of OperatorHub's validators over a bundle, and fails on any error and on any warning but
// one: that an image could not be looked at, which takes a registry that has it and a container engine that asks.
package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/operator-framework/api/pkg/manifests"
	"github.com/operator-framework/api/pkg/validation"
	"github.com/operator-framework/api/pkg/validation/errors"
)

const notInspected = "unable to inspect the image ("

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: validators BUNDLE-FOLDER")
		os.Exit(2)
	}
	refused, err := validate(os.Args[1], os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if err != nil || refused > 0 {
		os.Exit(1)
	}
}

// validate writes what there is to say of a bundle, and returns how many errors and warnings that must not be.
func validate(folder string, out io.Writer) (int, error) {
	bundle, err := manifests.GetBundleFromDir(folder)
	if err != nil {
		return 0, fmt.Errorf("%s is not a bundle: %w", folder, err)
	}
	refused, accepted := 0, 0
	for _, validator := range validation.AllValidators {
		results := validator.Validate(bundle.ObjectsToValidate()...)
		unreachable := unreachableImages(results)
		for _, result := range results {
			for _, finding := range result.Errors {
				report(out, "error", finding)
				refused++
			}
			for _, finding := range result.Warnings {
				if namesOneOf(finding, unreachable) {
					report(out, "accepted", finding)
					accepted++
				} else {
					report(out, "warning", finding)
					refused++
				}
			}
		}
	}
	fmt.Fprintf(out, "%s: %d validators, %d errors and warnings, %d warnings accepted for want of a registry\n",
		bundle.Name, len(validation.AllValidators), refused, accepted)
	return refused, nil
}

// The images that the validator of architectures could not look at. What else it says of those is guesswork.
func unreachableImages(results []errors.ManifestResult) []string {
	var images []string
	for _, result := range results {
		for _, finding := range result.Warnings {
			if _, rest, found := strings.Cut(finding.Detail, notInspected); found {
				image, _, _ := strings.Cut(rest, ")")
				images = append(images, image)
			}
		}
	}
	return images
}

func namesOneOf(finding errors.Error, images []string) bool {
	for _, image := range images {
		if strings.Contains(finding.Detail, image) {
			return true
		}
	}
	return false
}

func report(out io.Writer, kind string, finding errors.Error) {
	line, _, _ := strings.Cut(finding.Error(), "\n")
	fmt.Fprintf(out, "%-8s %s\n", kind, strings.TrimSpace(line))
}
